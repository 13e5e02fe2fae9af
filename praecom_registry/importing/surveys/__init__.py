"""Answers to a survey from a survey tool's export, of persons who consented to surveys."""
