"""What people do with shelters and evacuation lists, one transaction each."""
