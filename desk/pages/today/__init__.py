"""Pages of daily work: cockpit, inbox and queues."""
