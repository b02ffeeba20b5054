"""What advocacy shows: its read models."""
