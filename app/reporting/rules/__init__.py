"""The pure rules of information reporting: data and `now` in, dues and their reasons out."""
