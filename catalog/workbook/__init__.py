"""A plan as a workbook: its sheets, their rows, and the way back."""
