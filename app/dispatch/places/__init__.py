"""Where an incident is (事发地点): by name, point, road and kilometre, or direction and distance."""
