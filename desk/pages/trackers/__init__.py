"""Pages for a tracker: upload, mapping, preview and receipt."""
