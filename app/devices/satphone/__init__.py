"""Satellite phones: texts and calls over an AT line (docs/devices/satellite-phone.md)."""
