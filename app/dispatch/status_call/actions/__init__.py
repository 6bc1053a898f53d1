"""What is done with status round-ups: each function is one transaction's work."""
