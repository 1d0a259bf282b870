"""The demonstration: its cast, their papers and figures."""
