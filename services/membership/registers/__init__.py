"""What membership shows: its read models."""
