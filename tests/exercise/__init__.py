"""Drills and closed loops."""
