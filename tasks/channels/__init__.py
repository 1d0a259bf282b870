"""Ways out of the house: each takes a letter and says what became of it."""
