"""What people and the clock do about orders: one transaction each."""
