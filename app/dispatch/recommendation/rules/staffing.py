"""How many people of a team can go tonight, and from where we know it. Pure.

The newest word counts: a list of names and a morning return are of a day, a leader's mark is of an instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Source = Literal["named", "returned", "marked", "register"]


@dataclass(frozen=True, slots=True)
class Mark:
    """The team's own mark: on standby or not; `at` None is the register, as it was entered one day."""

    on: bool
    at: datetime | None
    strength: int


@dataclass(frozen=True, slots=True)
class Word:
    """What a list of names or a return of today says: how many people, and since when it says so."""

    people: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Staffing:
    """Whether a team stands by, with how many, known from where; `elsewhere` of its people are out."""

    on_standby: bool
    people: int
    source: Source
    elsewhere: int = 0


def staffing(mark: Mark, named: Word | None, returned: Word | None, elsewhere: int = 0) -> Staffing:
    """Return a team's staffing. Names count before a return, both before what the register says.

    A mark that a person set after the last of them overrules the yes or no, not the number: who goes off
    standby at eight in the evening is off, whatever was named in the morning. `elsewhere` people are out
    with another team and cannot go twice (A4.1).
    """
    word, source = _newest(named, returned)
    marked_later = mark.at is not None and (word is None or mark.at > word.at)
    if word is None:
        people = max(0, mark.strength - elsewhere)
        on = mark.on and (people > 0 or mark.strength == 0)
        return Staffing(on, people, "marked" if marked_later else "register", elsewhere)
    people = max(0, word.people - elsewhere)
    if marked_later and not mark.on:
        return Staffing(on_standby=False, people=people, source="marked", elsewhere=elsewhere)
    return Staffing(people > 0, people, source, elsewhere)


def _newest(named: Word | None, returned: Word | None) -> tuple[Word | None, Source]:
    if named is not None:
        return named, "named"
    return returned, "returned"
