"""Signalling of meetings by video: `WS /ws/meeting`. Transient: bounded, addressed, never in the journal."""
