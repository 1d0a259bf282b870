"""Spreadsheets that offices keep of their tasks: grids, columns, days, bodies and lines."""
