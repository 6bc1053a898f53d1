"""Every SQL statement about plans."""
