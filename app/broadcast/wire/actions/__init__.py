"""One function a transaction."""
