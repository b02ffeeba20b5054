"""What mediation decides: its aggregates as pure functions."""
