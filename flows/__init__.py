"""When, and in what order: thin Prefect flows over the deeds in tasks."""
