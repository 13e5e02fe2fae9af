"""Forgetting: one engine, a plan and its execution (architecture: "One plan for forgetting")."""
