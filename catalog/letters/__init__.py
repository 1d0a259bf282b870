"""Letters: the lines of each, what they ask of their reader, and their texts."""
