"""Invoices, their payments and collections from the export of the billing system."""
