"""Every SQL statement of shelters and evacuation."""
