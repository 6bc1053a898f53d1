"""A chain: a base of the whole database server, increments of what changed, and its log (WAL) up to now."""
