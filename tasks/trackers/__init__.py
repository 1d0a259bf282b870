"""Trackers that offices keep: what their lines become."""
