"""Which places of the tree are meant. Pure."""

from __future__ import annotations


def prefix_of(code: str) -> str:
    """Return the digits that every place below shares; groups of zeroes at the end mean all (GD/J 082)."""
    for size in (0, 2, 4, 6, 9):
        if not code[size:].strip("0"):
            return code[:size]
    return code
