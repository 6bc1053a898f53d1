"""Telephone numbers: one phone is written in several ways, and not every sender has one."""

from __future__ import annotations

FAMILY = "satphone"
SHORTEST = 7
"""Digits of the shortest number that somebody could be called back at; shorter ones are services."""


def spellings(number: str, country: str) -> tuple[str, ...]:
    """Return how the register may write a number, likeliest first; () for a name or a short code.

    E.164 digits without `+`, and national digits for those of our own country.
    """
    digits = number.removeprefix("+")
    if not digits.isdecimal() or not digits.isascii() or not SHORTEST <= len(digits) <= 15:
        return ()
    if number.startswith("+"):
        return (digits, digits.removeprefix(country)) if digits.startswith(country) else (digits,)
    national = digits.lstrip("0") if not digits.startswith("00") else ""
    if not national:
        return spellings(f"+{digits[2:]}", country)
    return (digits, country + national)


def dialled(number: str) -> str:
    """Return a number of the register as the network wants it: `+` before one that names a country.

    Raises ValueError for what is no number. Up to 11 digits, or with a 0 in front, a number is national;
    Iridium's 8816… has twelve.
    """
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and 3 <= len(digits) <= 20):
        raise ValueError(f"{number[:40]!r} is no telephone number")
    foreign = number.startswith("+") or (len(digits) > 11 and not digits.startswith("0"))
    return f"+{digits}" if foreign else digits


def national(number: str, country: str) -> str:
    """Return a number as people of our country write it: without `+86`."""
    return number.removeprefix(f"+{country}").removeprefix("+")
