"""Commands of the command line, one family in each file."""
