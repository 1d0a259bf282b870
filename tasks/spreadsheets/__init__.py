"""Files of spreadsheets, whatever program wrote them, read into grids."""
