"""Actions of the life of incidents."""
