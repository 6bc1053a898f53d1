"""Every SQL statement of supplies."""
