"""What mediation reads: one file per read model."""
