"""What a camera sees, which is nearest, and where its stream may come from. Pure."""
