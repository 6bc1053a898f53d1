"""Hand-over (交接班): what a team leaves is read, ticked and signed three times; the next owns it."""
