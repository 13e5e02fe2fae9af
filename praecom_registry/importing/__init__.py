"""Importing from CSV and XLSX files: what every import shares; each kind is a package in here."""
