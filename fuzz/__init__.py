"""Fuzzing: the whole API with several roles, the WebSocket, and every reader of bytes."""
