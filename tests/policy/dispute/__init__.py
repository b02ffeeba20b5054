"""A small service with everything that rights can hang on: parties, a mediator, secrets, and the secretariat's own house."""
