"""Rosters made fairly: what must hold, what is wished for, and who solves it (rostering, 排班)."""
