"""What is looked for, and what a line is found by: pairs of neighbouring characters. Pure.

Chinese has no spaces between words, and the embedded PostgreSQL no trigrams: a pair of characters is one
integer, a line has the set of its pairs, and an inverted index (GIN, part of every PostgreSQL) finds the
lines that have all pairs of what is looked for. That they stand side by side is checked afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

MOST_CHARACTERS = 600
MOST_WORDS = 6
_DAY = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?年?")
# Of what a row is about: what people look for. No telephone and no document stands among them.
_KEYS = frozenset(
    (
        *("number", "title", "region_path", "address", "text", "words", "name", "name_zh", "team_name"),
        *("holder_name", "device_label", "reason", "event_name_zh", "description", "incident_number"),
        *("addressee", "to_name", "warehouse_name", "subject_name", "report"),
    )
)
_DEEPEST = 3
_SMALLEST, _HALF, _WHOLE = -(2**31), 2**31, 2**32


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: all of the words, within a time."""

    words: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None


class NothingAsked(ValueError):
    """There is no word of two characters in it, or too many."""


def question(text: str, zone: ZoneInfo) -> Question:
    """Read `东岸村 2025`: words, and a year, month or day (2025-06-18). Raises NothingAsked."""
    words: list[str] = []
    span: tuple[datetime, datetime] | None = None
    for one in text.split():
        if (found := _DAY.fullmatch(one)) and span is None and (span := _span(found, zone)):
            continue
        words.append(one)
    if not words or len(words) > MOST_WORDS or any(len(word) < 2 for word in words):
        raise NothingAsked(text)
    return Question(tuple(words), *(span or (None, None)))


def _span(found: re.Match[str], zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    year, month, day = (int(one) if one else 0 for one in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        last = first + timedelta(days=1)
    elif month:
        last = date(year + month // 12, month % 12 + 1, 1)
    else:
        last = date(year + 1, 1, 1)
    start, end = (datetime(one.year, one.month, one.day, tzinfo=zone) for one in (first, last))
    return start, end


def grams(text: str) -> list[int]:
    """Return the pairs of neighbouring characters, each as an integer of 32 bits, small letters for large."""
    low = [ord(one) & 0xFFFF for one in text.lower()]
    return sorted({(a << 16 | b) - (_WHOLE if a << 16 >= _HALF else 0) for a, b in pairwise(low)})


def words_of(said: str, body: Mapping[str, Any]) -> str:
    """Return the words a row of the journal is found by: as it is said, and what names the things in it."""
    found = dict.fromkeys([said, *_named(body, 0)])
    return " ".join(found)[:MOST_CHARACTERS]


def _named(thing: Any, depth: int) -> Iterator[str]:
    if isinstance(thing, Mapping):
        for key, value in thing.items():
            if isinstance(value, str):
                if value and (key in _KEYS or (depth == 0 and key == "zh")):
                    yield value
            elif depth < _DEEPEST:
                yield from _named(value, depth + 1)
    elif isinstance(thing, list):
        for one in thing[:5]:
            yield from _named(one, depth + 1)
