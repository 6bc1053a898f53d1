"""The book of a desk: a view over the journal, in which lines made by hand stand among those of the house."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.handover.sources import desk_of
from app.desk.log import store
from app.desk.log.facts import BookLine, DayBook, DayLine, MonthBook, ShiftScore, SilenceFact, StaffFact
from app.desk.log.rules.numbering import days_of_month, number_of, span_of
from app.desk.log.rules.said import Said
from app.desk.log.rules.score import AROUND_HANDOVER, Score, score
from app.desk.log.rules.words import TOLD_BY_HOUSE, said
from app.dispatch.secrecy import store as secrecy
from app.dispatch.secrecy.sealed import Sealed
from app.duty.roster.facts import ShiftFact
from app.duty.roster.rules.ranks import RANKS, rank
from app.duty.roster.store import shifts
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.journal.store import JournalRow
from app.org.rules.access import Viewer

BY_HAND = "duty_log.entered"
TYPES = (BY_HAND, *TOLD_BY_HOUSE)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose book is read, by whom, at what time, and how its days are numbered."""

    post: DutyPost
    by: Viewer
    now: datetime
    zone: ZoneInfo
    prefix: str

    @property
    def post_id(self) -> int:
        """The number of the post."""
        assert self.post.id is not None
        return self.post.id


async def day_book(tx: Tx, reader: Reader, day: date) -> DayBook:
    """Return the log of a day of duty."""
    span = span_of(day, reader.zone)
    around = await _lines(tx, reader, span.start - AROUND_HANDOVER, span.end + AROUND_HANDOVER)
    held = await shifts.between(tx, reader.post_id, span.start, span.end)
    return await _day_book(tx, reader, day, around, held)


async def month_of_books(tx: Tx, reader: Reader, first: date) -> list[DayBook]:
    """Return the logs of the days of a month that have begun; at least its first."""
    days = days_of_month(first)
    start, end = span_of(days[0], reader.zone).start, span_of(days[-1], reader.zone).end
    lines = await _lines(tx, reader, start - AROUND_HANDOVER, end + AROUND_HANDOVER)
    held = await shifts.between(tx, reader.post_id, start, end)
    begun = [day for day in days if span_of(day, reader.zone).start <= reader.now] or days[:1]
    return [await _day_book(tx, reader, day, lines, held) for day in begun]


async def _day_book(
    tx: Tx, reader: Reader, day: date, around: Sequence[BookLine], month: Sequence[ShiftFact]
) -> DayBook:
    span = span_of(day, reader.zone)
    held = [shift for shift in month if shift.starts_at < span.end and shift.ends_at > span.start]
    return DayBook(
        post_id=reader.post_id,
        post_name=reader.post.name_zh,
        day=day,
        number=number_of(reader.prefix, day),
        starts_at=span.start,
        ends_at=span.end,
        weather=await store.weather(tx, reader.post_id, span.start, span.end),
        staff=[
            StaffFact(role=s.role, name=s.person_name, starts_at=s.starts_at, ends_at=s.ends_at) for s in held
        ],
        entries=[line for line in around if span.contains(line.entered_at)],
        scores=_scores(around, held, span.start, span.end, reader.now),
    )


async def month_book(tx: Tx, reader: Reader, first: date) -> MonthBook:
    """Return the logs of a month, a line a day."""
    days = days_of_month(first)
    start, end = span_of(days[0], reader.zone).start, span_of(days[-1], reader.zone).end
    lines = await _lines(tx, reader, start - AROUND_HANDOVER, end + AROUND_HANDOVER)
    held = await shifts.between(tx, reader.post_id, start, end)
    return MonthBook(
        post_id=reader.post_id,
        post_name=reader.post.name_zh,
        month=first,
        days=[_day_line(reader, day, lines, held) for day in days],
    )


def _day_line(reader: Reader, day: date, lines: Sequence[BookLine], held: Sequence[ShiftFact]) -> DayLine:
    span = span_of(day, reader.zone)
    mine = [line for line in lines if span.contains(line.entered_at)]
    touching = [shift for shift in held if shift.starts_at < span.end and shift.ends_at > span.start]
    scores = _scores(lines, touching, span.start, span.end, reader.now)
    return DayLine(
        day=day,
        number=number_of(reader.prefix, day),
        entries=len(mine),
        by_hand=sum(line.by_hand for line in mine),
        lines=dict(Counter(name for line in mine for name in line.lines)),
        percent=min((found.percent for found in scores), default=None),
        gaps=sum(len(found.gaps) for found in scores),
    )


async def stands_in_book(tx: Tx, by: Viewer, post: DutyPost, seq: int) -> bool:
    """Whether a line of this number stands in the desk's book and this person may see it."""
    row = await journal.read_one(tx, by.stream, seq)
    if row is None or row.type not in TYPES:
        return False
    desk = _desk(post, by.stream, row.at, ZoneInfo("UTC"))
    return _belongs(row, json.loads(row.body), post.id, (by, desk), await secrecy.sealed(tx, by.stream))


async def _lines(tx: Tx, reader: Reader, start: datetime, end: datetime) -> list[BookLine]:
    rows = await journal.read_span(tx, reader.by.stream, start, end, TYPES)
    both = (reader.by, _desk(reader.post, reader.by.stream, reader.now, reader.zone))
    sealed = await secrecy.sealed(tx, reader.by.stream)
    told = [(row, json.loads(row.body)) for row in rows]
    mine = [(row, body) for row, body in told if _belongs(row, body, reader.post_id, both, sealed)]
    corrected: dict[int, list[int]] = {}
    for row, body in mine:
        if row.type == BY_HAND and body["entry"]["corrects_seq"] is not None:
            corrected.setdefault(body["entry"]["corrects_seq"], []).append(row.seq)
    lines = [_line(row, body, corrected.get(row.seq, [])) for row, body in mine]
    return sorted(lines, key=lambda line: (line.told_at.replace(second=0, microsecond=0), line.seq))


def _desk(post: DutyPost, stream: str, at: datetime, zone: ZoneInfo) -> Viewer:
    """Return what the desk's own officers see: also what is for this post by name."""
    return replace(desk_of(post, stream, at, at, zone).viewer, named_as=frozenset({f"post:{post.id}"}))


def _belongs(
    row: JournalRow, body: Mapping[str, Any], post_id: int | None, both: Sequence[Viewer], sealed: Sealed
) -> bool:
    """Whether a row stands in a desk's book: neither another desk's own business nor what is need-to-know."""
    owner = _post_of(body)
    return owner in (None, post_id) and all(sealed.shows(viewer, row) for viewer in both)


def _post_of(body: Mapping[str, Any]) -> int | None:
    """Return the desk whose own business a row is, None for what concerns all."""
    for part in (
        body,
        *(body.get(name) or {} for name in ("entry", "handover", "matter", "override", "temporary")),
    ):
        if part.get("post_id") is not None:
            return int(part["post_id"])
    return None


def _line(row: JournalRow, body: Mapping[str, Any], corrected_by: list[int]) -> BookLine:
    by = (body.get("actor") or {}).get("name", "")
    if row.type == BY_HAND:
        entry = body["entry"]
        words = Said(entry["text"], entry["text"], tuple(entry["lines"]), entry["source"], entry["action"])
    else:
        entry = {}
        words = said(row.type, body)
    happened, told = _times(row, body)
    return BookLine(
        seq=row.seq,
        by_hand=bool(entry),
        type=row.type,
        happened_at=happened,
        told_at=told,
        entered_at=row.at,
        source=words.source,
        source_name=entry.get("source_name", ""),
        zh=words.zh,
        en=words.en,
        action=words.action,
        lines=list(words.lines),
        entered_by=by,
        incident_id=entry.get("incident_id") or (body.get("incident") or {}).get("id"),
        corrects_seq=entry.get("corrects_seq"),
        corrected_by=corrected_by,
    )


_TIMES = {  # of what kind of row the two times are told, and by which fields
    BY_HAND: ("entry", "occurred_at", "told_at"),
    "incident.opened": ("incident", "occurred_at", "received_at"),
    "incident.figure_told": ("figure", "happened_at", "told_at"),
    "incident.attached": ("attachment", "happened_at", "told_at"),
    "intake.received": ("notice", "happened_at", "told_at"),
    "alarm.raised": ("alarm", "sent_at", "first_heard_at"),
}


def _times(row: JournalRow, body: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Return when it happened and when the desk was told; what nobody told is the time of the row."""
    part, happened, told = _TIMES.get(row.type, ("", "", ""))
    fields = body.get(part) or {}
    told_at = datetime.fromisoformat(fields[told]) if fields.get(told) else row.at
    happened_at = datetime.fromisoformat(fields[happened]) if fields.get(happened) else told_at
    return happened_at, told_at


def _scores(
    lines: Sequence[BookLine], held: Sequence[ShiftFact], start: datetime, end: datetime, now: datetime
) -> list[ShiftScore]:
    """Judge each shift of the seat that leads the desk, as far as it has begun."""
    entered = [line.entered_at for line in lines if line.entered_by]  # a device alone is nobody's entry
    return [
        _shift_score(shift, score(entered, max(shift.starts_at, start), min(shift.ends_at, end), now))
        for shift in _leading(held)
        if max(shift.starts_at, start) < now
    ]


def _leading(held: Sequence[ShiftFact]) -> Iterator[ShiftFact]:
    highest = min((rank(shift.role) for shift in held if shift.role in RANKS), default=None)
    seen: set[datetime] = set()
    for shift in held:
        if rank(shift.role) == highest and shift.starts_at not in seen:
            seen.add(shift.starts_at)
            yield shift


def _shift_score(shift: ShiftFact, found: Score) -> ShiftScore:
    return ShiftScore(
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        lead_name=shift.person_name,
        percent=found.percent,
        entries=found.entries,
        gaps=[SilenceFact(start=gap.start, end=gap.end) for gap in found.gaps],
        at_handover=found.at_handover,
    )
