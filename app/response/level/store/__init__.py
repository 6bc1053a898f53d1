"""Every SQL statement about responses."""
