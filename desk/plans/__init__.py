"""Drafts of plans as pages show them, and plans as Excel workbooks."""
