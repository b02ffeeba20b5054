"""Backups: what a platform holds as files that can be checked, carried elsewhere, and put back onto another server."""
