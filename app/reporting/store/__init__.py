"""Every SQL statement of reporting."""
