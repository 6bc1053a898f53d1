"""What planners do with rosters, one transaction each."""
