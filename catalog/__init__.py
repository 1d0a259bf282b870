"""What was promised, and what follows from it: pure rules, no clock, no SQL, no network."""
