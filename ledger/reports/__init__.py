"""Counts for circulars, scorecards and overviews."""
