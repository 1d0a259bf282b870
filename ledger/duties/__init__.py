"""Queries about duties and their lives."""
