"""Warnings (预警): taken in from outside, one chain of messages each, with what they mean for the county."""
