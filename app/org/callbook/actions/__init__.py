"""Changes of the call book, one transaction each."""
