"""Reproducible Finnish demo data: names and places that look real, people who do not exist."""
