"""JSON shapes of the API and its idempotent requests."""
