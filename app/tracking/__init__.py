"""Positions: the latest, and where it went."""
