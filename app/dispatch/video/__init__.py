"""Cameras (视频): where they stand, what they see, which are nearest to an incident, their live pictures."""
