"""Operating the platform: commands, health, metrics, logs."""
