"""A small service of the tests: things that are made, counted, noted upon and closed."""
