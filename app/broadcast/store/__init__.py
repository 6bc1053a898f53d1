"""Every SQL statement about emergency broadcast."""
