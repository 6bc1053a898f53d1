"""What is set of a duty post: its lines, where it is, its seats and who takes turns on them."""
