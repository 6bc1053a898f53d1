"""Wire shapes of the duty log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.desk.log.rules.said import Line
from app.duty.roster.facts import Role
from app.wire import Fact

Source = Literal[
    "telephone", "radio", "fax", "superior", "subordinate", "partner", "public", "media", "patrol", "desk"
]


class LogEntryFact(Fact):
    """An entry made by hand."""

    id: int
    post_id: int
    text: str
    action: str
    source: Source
    source_name: str
    lines: list[Line]
    occurred_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    incident_id: int | None
    corrects_seq: int | None


class BookLine(Fact):
    """One line of the book, made by hand or by the house. `seq` is its number in the journal for ever.

    `source` is a word of `Source` in lines made by hand, else who or what told it. `corrected_by` are the
    lines that put this one right.
    """

    seq: int
    by_hand: bool
    type: str
    happened_at: datetime
    told_at: datetime
    entered_at: datetime
    source: str
    source_name: str
    zh: str
    en: str
    action: str
    lines: list[Line]
    entered_by: str
    incident_id: int | None
    corrects_seq: int | None
    corrected_by: list[int]


class SilenceFact(Fact):
    """A span without an entry (LOG_GAP)."""

    start: datetime
    end: datetime


class ShiftScore(Fact):
    """How complete the log of one shift is; `at_handover` None while the shift runs."""

    starts_at: datetime
    ends_at: datetime
    lead_name: str
    percent: int
    entries: int
    gaps: list[SilenceFact]
    at_handover: bool | None


class StaffFact(Fact):
    """Who sat at the desk."""

    role: Role
    name: str
    starts_at: datetime
    ends_at: datetime


class DayBook(Fact):
    """The log of one day of duty, from eight to eight."""

    post_id: int
    post_name: str
    day: date
    number: str
    starts_at: datetime
    ends_at: datetime
    weather: list[str]
    staff: list[StaffFact]
    entries: list[BookLine]
    scores: list[ShiftScore]


class DayLine(Fact):
    """One day in the view of a month. `percent` is the lowest of its shifts, None before it began."""

    day: date
    number: str
    entries: int
    by_hand: int
    lines: dict[Line, int]
    percent: int | None
    gaps: int


class MonthBook(Fact):
    """The logs of a month, a line a day."""

    post_id: int
    post_name: str
    month: date
    days: list[DayLine]
