"""Wall screens: displays that nobody sits at, logged in by a token, never able to change anything."""
