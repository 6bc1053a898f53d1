"""The checker: what clients were told against what is stored. It imports nothing of the service."""
