"""Contracts, orders and billing as the caller card and the customer page show them."""
