"""Rosters (值班表): who sits in which seat, and when."""
