"""Incoming mail: what comes back to the letters of duban."""
