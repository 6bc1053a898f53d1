"""Statistics of reporting (报送统计): how many were due, in time and late, by unit and month."""
