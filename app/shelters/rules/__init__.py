"""Pure decisions of shelters and evacuation."""
