"""Personal data that was masked (个人信息脱敏), shown to one reader for a reason, and who read whose."""
