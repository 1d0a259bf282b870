"""Duties handed down to other offices, and reports on them."""
