"""Duties as values: expansion, standing, rights, quotas and evidence rules."""
