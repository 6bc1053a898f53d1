"""The room of a large meeting at the county's LiveKit: who may enter, and that it ends with the meeting."""
