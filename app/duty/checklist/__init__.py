"""Readiness checklists (八有、五有): what a station and a village must have, and whether they do."""
