"""The commands of `pkp`, by noun."""
