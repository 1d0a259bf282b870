"""Periods, recurrences and working days."""
