"""Identity: accounts, tokens, roles."""
