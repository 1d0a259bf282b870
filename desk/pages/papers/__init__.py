"""Pages about circulars, scorecards, evaluations and slips."""
