"""What may be done with a meeting, one function a transaction."""
