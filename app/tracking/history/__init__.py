"""The history of positions, a table for each day: made ahead, let go when it is old (轨迹留存)."""
