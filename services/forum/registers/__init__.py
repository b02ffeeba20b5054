"""What the forum shows: its read models."""
