"""Duty posts."""
