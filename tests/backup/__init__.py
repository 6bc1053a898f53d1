"""Backups: what an archive holds, and that a copy is equal."""
