"""Past duties: due before the ledger started, settled one by one or taken up."""
