"""What a warning or an incident sets in motion: calls that are answered, plans, levels of response."""
