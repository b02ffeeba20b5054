"""Delivery: facts out to the carrier, siblings' facts in, reactions to them, and timers."""
