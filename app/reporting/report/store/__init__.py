"""Every SQL statement about written reports."""
