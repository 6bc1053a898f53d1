"""Devices: codecs, links, the pump that hears and the sender that speaks."""
