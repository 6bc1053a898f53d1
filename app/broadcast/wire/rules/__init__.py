"""What is decided about packets and links: pure."""
