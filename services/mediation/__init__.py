"""Mediation: conflicts over housing and settlements, from a registered case to a signed agreement."""
