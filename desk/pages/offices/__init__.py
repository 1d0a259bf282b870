"""Pages about duties handed to and from other offices."""
