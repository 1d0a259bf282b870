"""Pages about duties."""
