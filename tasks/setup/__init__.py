"""The setting up of an office: from an empty home to the first letters."""
