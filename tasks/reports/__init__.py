"""Circulars, scorecards and evaluations, counted and decided."""
