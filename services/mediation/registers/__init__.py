"""What mediation shows: its read models."""
