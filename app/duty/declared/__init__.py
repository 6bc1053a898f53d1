"""Key periods declared by hand: a response or a warning in force makes the stricter readiness hold."""
