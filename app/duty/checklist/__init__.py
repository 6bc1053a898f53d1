"""Readiness checklists (八有、五有): what a station and a village must have, from live data or by evidence."""
