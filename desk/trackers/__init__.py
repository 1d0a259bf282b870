"""Fields of the questions about a tracker, and blank workbooks for each use."""
