"""Every SQL statement about spot checks."""
