"""The outbox filled and delivered."""
