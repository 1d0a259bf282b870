"""Plan drafts as pages show them, and plans as Excel workbooks."""
