"""What an incident took against what it should have taken, and against earlier ones of its kind."""
