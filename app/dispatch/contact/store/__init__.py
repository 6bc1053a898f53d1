"""Every SQL statement about contact."""
