"""Endpoints for other systems: the API, feeds, health and metrics."""
