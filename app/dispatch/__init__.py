"""Intake, incidents, recommendation, assignments, escalation."""
