"""What belongs to a drill (演练): how rows inherit it, and how figures leave it out."""
