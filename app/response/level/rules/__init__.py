"""Decisions about responses, pure."""
