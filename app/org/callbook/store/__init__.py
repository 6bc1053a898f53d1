"""Every SQL statement of the call book."""
