"""Plans published, amended, settled and replayed."""
