"""Plans published, amended, settled, replayed and reorganised."""
