"""People learn of their own duty: what changed of it, that it begins soon, who is on and who is next."""
