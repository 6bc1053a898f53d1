"""A leader's instructions (批示): written down, split into tasks, closed when all of them are accepted."""
