"""The fault harness: real processes under load, faults by a seeded schedule, a checker apart from both."""
