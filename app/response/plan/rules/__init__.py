"""Decisions about plans and cards, pure."""
