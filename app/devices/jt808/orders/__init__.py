"""What people tell a terminal from afar, besides texts."""
