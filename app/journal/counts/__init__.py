"""How much of what kind the journal holds."""
