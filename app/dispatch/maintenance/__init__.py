"""Contacts in maintenance (检修): a channel or a team through which nothing is sent and nothing escalates."""
