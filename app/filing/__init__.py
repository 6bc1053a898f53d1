"""Documents beneath every noun: numbers without gaps, the archive of printed bytes, templates as files."""
