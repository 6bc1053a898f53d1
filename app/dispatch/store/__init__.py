"""Every SQL statement of dispatch."""
