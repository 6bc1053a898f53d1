"""Regions, units, people, teams, devices' holders, accounts and roles."""
