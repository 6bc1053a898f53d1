"""The pure decisions of recommendation."""
