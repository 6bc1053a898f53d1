"""Closed loops (闭环): hazards, repairs, improvements, whistles: found, assigned, fixed, checked, closed."""
