"""Every SQL statement of the hand-over."""
