"""Readiness and standby (备勤): who must be in place, who is, who was accepted, and what is paid for it."""
