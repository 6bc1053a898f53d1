"""Every SQL statement of call-and-respond."""
