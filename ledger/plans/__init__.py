"""Editions and drafts of plans."""
