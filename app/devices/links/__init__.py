"""Byte carriers: serial and TCP."""
