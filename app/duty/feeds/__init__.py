"""Calendar feeds: rosters that a calendar program reads by an address of its own."""
