"""What a warning sets in motion: calls that are answered, plans, levels of response."""
