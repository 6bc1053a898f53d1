"""Backup and restore: one encrypted file with the database, the files and the proof that a copy is equal."""
