"""What advocacy decides: its aggregates as pure functions."""
