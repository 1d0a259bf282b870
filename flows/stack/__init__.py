"""The plumbing of the flows: the Prefect server, schedules and the process tree."""
