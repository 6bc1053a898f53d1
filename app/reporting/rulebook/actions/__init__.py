"""What people do with versions of the rules."""
