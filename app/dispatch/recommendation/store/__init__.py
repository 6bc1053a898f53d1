"""Every SQL statement of recommendation."""
