"""Drafts of plans from trackers: their text, the draft, and what a plan left out of it."""
