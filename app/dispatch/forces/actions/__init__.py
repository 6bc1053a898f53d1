"""One function a transaction: teams, equipment, experts."""
