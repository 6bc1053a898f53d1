"""Every SQL statement about drills."""
