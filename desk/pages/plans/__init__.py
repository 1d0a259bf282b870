"""Pages about plans and their drafts."""
