"""Pages about sign-in, accounts and settings."""
