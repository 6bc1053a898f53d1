"""What happens to the clocks of reporting, each a step in the caller's transaction."""
