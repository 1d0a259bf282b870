"""How an official document is read: its words, its frame, its agencies, and what it asks for."""
