"""What the forum decides: its aggregates as pure functions."""
