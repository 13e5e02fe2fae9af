"""Importing customers from CSV and XLSX files (README, "Import format")."""
