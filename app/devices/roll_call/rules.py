"""What a roll call of a place means."""

from __future__ import annotations


def reach(region_code: str) -> str:
    """Return the prefix of the codes of all places within a place (domain/rules B9).

    The county has six digits of its own, a township nine, a village twelve.
    """
    told = len(region_code.rstrip("0"))
    return region_code[: 6 if told <= 6 else 9 if told <= 9 else 12]
