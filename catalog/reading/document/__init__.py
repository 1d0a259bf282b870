"""The structure of a document: lines, chapters, items, clauses and tables."""
