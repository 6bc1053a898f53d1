"""Changes of units and people, one transaction each."""
