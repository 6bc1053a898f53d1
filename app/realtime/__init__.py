"""WebSocket: the hub, the session, the telemetry lane."""
