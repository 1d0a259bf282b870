"""Upkeep of an installation: its health, its backups."""
