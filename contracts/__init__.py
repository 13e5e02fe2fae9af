"""What customers order, agree on and pay: offers, orders, contracts, services, devices, billing."""
