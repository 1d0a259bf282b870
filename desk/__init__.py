"""The command line, the pages and the API."""
