"""One deed a file: gather from the ledger, decide in the catalogue, record in one transaction."""
