"""Areas that somebody drew on the map and gave a name: shared in the centre, used again and again."""
