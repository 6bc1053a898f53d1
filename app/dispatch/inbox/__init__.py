"""Notices (来报) that wait for a person's judgement: of partners, superiors, warnings, villages."""
