"""Rows of the wire."""
