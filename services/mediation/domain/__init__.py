"""The rules of a case, as plain Python."""
