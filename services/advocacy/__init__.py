"""Advocacy: what the working group asks of budgets, policies and people."""
