"""Scenarios as scripts: a county on a fresh database and a set clock, played through its own doors."""
