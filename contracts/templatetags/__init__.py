"""How amounts of money and percentages are shown."""
