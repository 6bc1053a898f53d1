"""HTTP: one router per noun, problems, authentication."""
