"""The handbook: chapters of `docs/handbook/`, their search, and the chapter of each page."""
