"""Pages for the upkeep of an installation."""
