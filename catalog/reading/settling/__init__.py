"""The way from a draft to a plan: answers, coverage and scores."""
