"""The reminder ladder: its rungs, the days they fall on, and their texts."""
