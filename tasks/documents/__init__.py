"""Documents and workbooks, read into text and rows."""
