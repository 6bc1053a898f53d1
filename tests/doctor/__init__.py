"""The doctor: what it finds and how it says it."""
