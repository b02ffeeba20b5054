"""What a dispute is."""
