"""Once a day the end of each journal is written down, signed and printed, so that nobody can make it anew."""
