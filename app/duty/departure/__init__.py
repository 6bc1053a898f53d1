"""Departure: somebody leaves the service who may still stand in a roster."""
