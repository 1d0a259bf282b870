"""Ledger: the tables, the history and the queries on them."""
