"""The life of an incident beyond opening and closing: alike, merged, split, planned, reopened, linked."""
