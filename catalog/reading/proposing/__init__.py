"""Proposals for a plan: obligations, targets, asides and questions."""
