"""Relays (中转台) that fail, and where nobody is heard any more without them (domain/rules A3.3)."""
