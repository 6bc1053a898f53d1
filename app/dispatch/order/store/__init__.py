"""Every SQL statement about orders."""
