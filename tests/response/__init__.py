"""What a warning sets in motion."""
