"""Every SQL statement of status round-ups."""
