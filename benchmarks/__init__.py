"""Reproducible measurements; each prints the ratio that a goal is stated in."""
