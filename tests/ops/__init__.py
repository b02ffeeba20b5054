"""How the platform is operated."""
