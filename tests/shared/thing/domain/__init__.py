"""What a thing is."""
