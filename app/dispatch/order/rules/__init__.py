"""Decisions about orders: pure functions."""
