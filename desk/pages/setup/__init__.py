"""Pages by which an office sets itself up."""
