"""Teams of others that come to help (外援队伍): who they are, when they came and left."""
