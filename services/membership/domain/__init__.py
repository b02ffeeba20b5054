"""What membership decides: its aggregates as pure functions."""
