"""Swaps (换班、替班): asked, taken, approved by a leader, filed; bound to the shift they are about."""
