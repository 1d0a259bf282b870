"""Proposals for a plan, made from the items of a document."""
