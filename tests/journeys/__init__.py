"""The platform whole, as people and machines use it."""
