"""Service Desk recordings and messages: kept in the vault, played with right and reason."""
