"""Every SQL statement about rosters."""
