"""What people do with supplies, one transaction each."""
