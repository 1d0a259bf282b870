"""The deeds of a duty, one subject a file."""
