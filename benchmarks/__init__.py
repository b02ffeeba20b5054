"""Measurements beside named peers, in one run on one machine; only the ratios carry over."""
