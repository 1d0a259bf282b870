"""Word papers and the blocks they are made of."""
