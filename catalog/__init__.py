"""The catalogue: plans and the rules that follow from them; no clock, no SQL, no network."""
