"""The ledger as a list: filters, cells, charts and exports."""
