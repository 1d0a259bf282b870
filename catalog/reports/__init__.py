"""The figures and words of circulars, scorecards, evaluations and lists."""
