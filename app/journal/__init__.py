"""The append-only journal: append, read after, hash chain."""
