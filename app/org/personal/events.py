"""The events of personal data that was read or revealed, for auditors only."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact


class PersonalRevealed(Fact):
    """Somebody read masked personal data: of whom, in which record, which fields, what for."""

    type: Literal["personal.revealed"] = "personal.revealed"
    username: str
    source: str
    fields: list[str]
    whose: list[str]
    reason: str


class PersonalRead(Fact):
    """Somebody opened a list of residents or callers in his work, or took a sheet of people out.

    Once for each person, list and quarter of an hour: `count` is of how many people the first answer told.
    `place` is the region that was asked for, else the reader's own.
    """

    type: Literal["personal.read"] = "personal.read"
    username: str
    source: str
    place: str
    count: int
    since: datetime
