"""Every SQL statement about readiness and standby."""
