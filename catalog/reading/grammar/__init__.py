"""The grammar of official phrases: dates, periods, amounts and numerals."""
