"""Iridium SBD modems (docs/devices/iridium-sbd.md)."""
