"""Trackers under way, and the kept mappings of their forms."""
