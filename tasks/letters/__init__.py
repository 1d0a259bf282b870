"""Letters written from the ledger as it stands, and their form as mail and calendar."""
