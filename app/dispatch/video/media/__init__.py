"""A standard media server by its HTTP API: MediaMTX, ZLMediaKit."""
