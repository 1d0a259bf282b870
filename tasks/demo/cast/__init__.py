"""The cast of the demonstration: agencies and an office that act by one script every time."""
