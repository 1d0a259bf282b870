"""Meetings: who is invited and comes, and their days in words."""
