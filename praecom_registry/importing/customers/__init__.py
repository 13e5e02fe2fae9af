"""Customers, their persons and choices from a file."""
