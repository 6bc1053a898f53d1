"""The call book: who holds which office, who must be called for a place, who is addressed as one."""
