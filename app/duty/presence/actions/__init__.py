"""What people and the clock do about presence."""
