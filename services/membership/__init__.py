"""Membership: who sits in the working group."""
