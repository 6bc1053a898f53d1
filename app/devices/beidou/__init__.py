"""Beidou command machines on their cables (docs/devices/beidou.md)."""
