"""The parts every run of a flow shares: its day, its ledger, and its steps as tasks."""
