"""The outbox: notices, messages, slips and contacts."""
