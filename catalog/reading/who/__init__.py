"""The agencies of a document: labels, names and assignments."""
