"""How long a text is spoken (domain: 字数与时长). Pure.

Mandarin over loudspeakers is read at about four characters a second (240 a minute), a mark of the end of a
sentence takes half a second, one within it a quarter. It is an estimate: a voice file knows its length.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import timedelta

PER_SECOND = 4.0
_ENDS = frozenset("。!?!?\n;;")
_PAUSES = frozenset(",,、::()()“”—…")


def letters(text: str) -> int:
    """Return how many characters are spoken: no blanks and no marks."""
    return sum(_spoken(one) for one in text)


def seconds(text: str) -> float:
    """Return how long a text takes to read once, in seconds; a Latin letter counts half."""
    spoken = sum(0.5 if one.isascii() and one.isalpha() else 1.0 for one in text if _spoken(one))
    pauses = sum(0.5 if one in _ENDS else 0.25 if one in _PAUSES else 0.0 for one in text)
    return round(spoken / PER_SECOND + pauses, 1)


def once(text: str, more: Iterable[str], voice_s: float | None) -> float:
    """Return how long a message takes once, in seconds: a voice, or its text, then its further languages."""
    first = seconds(text) if voice_s is None else voice_s
    return round(first + sum(seconds(one) for one in more), 1)


def on_air(once_s: float, repeats: int, interval_s: int) -> timedelta:
    """Return how long a message needs on the air: read `repeats` times with pauses between."""
    return timedelta(seconds=once_s * repeats + interval_s * (repeats - 1))


def _spoken(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN"
