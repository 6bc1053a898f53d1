"""Any window of time once more, as the desk had it, and who had what on their screens."""
