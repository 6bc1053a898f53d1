"""Answer with the statistics of a period, and with what one of its figures counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.statistics.facts import (
    MEASURES,
    CountedFact,
    CountedList,
    FigureRow,
    Grouped,
    Measure,
    MeasureFact,
    SpanFact,
    StatisticsFact,
    TallyFact,
)
from app.desk.statistics.rules import DAY, LONGEST_DAYS, Compared, PeriodKind, Span, compared, days_of
from app.desk.statistics.store import figures as store
from app.desk.statistics.store.figures import MOST_LISTED, Limits
from app.desk.statistics.words import NAMES, STATED, Word, word_of
from app.devices.ledger.rules import device_state, kind_of, vouched_by
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput
from app.reporting.statistics.store import names as names_of

GROUPS: tuple[Grouped, ...] = ("kind", "level", "place")
NOTHING = TallyFact(counted=0, judged=0, good=0, amount=0, measured=0, p50_s=None, p90_s=None)


def period(
    kind: PeriodKind, on: date, until: date | None, now: datetime, zone: ZoneInfo
) -> tuple[PeriodKind, Compared]:
    """Return the period somebody asks for. Raises InvalidInput for one that runs backwards or is too long."""
    first, last = days_of(kind, on, until)
    if first.year <= 2001 or not DAY * 0 <= last - first < LONGEST_DAYS * DAY:
        raise InvalidInput(
            FieldFault(
                "last",
                f"统计时段须由先到后,最长{LONGEST_DAYS}天,自2002年起",
                f"a period runs forwards, {LONGEST_DAYS} days at most, from 2002 on",
            )
        )
    return kind, compared(kind, (first, last), now, zone)


async def statistics(
    tx: Tx, by: Viewer, asked: tuple[PeriodKind, Compared], now: datetime, limits: Limits
) -> StatisticsFact:
    """Return every measure of one's scope in the period and the two it is compared with.

    Raises NotPermitted.
    """
    require(by, "see_desk")
    kind, periods = asked
    measures = []
    for what in MEASURES:
        if what == "devices":
            measures.append(_online(await store.devices(tx, by), now))
            continue
        rows = await store.counted(tx, by, what, periods.spans, now, limits)
        measures.append(_measure(what, rows, len(periods.spans)))
    places = {row.key for one in measures for row in one.rows if row.by == "place"}
    known = await names_of(tx, sorted(places))
    return StatisticsFact(
        kind=kind,
        running=periods.running,
        spans=[_span(span) for span in periods.spans],
        measures=[_named(one, known) for one in measures],
    )


def _span(span: Span) -> SpanFact:
    return SpanFact(first=span.first, last=span.last, first_at=span.first_at, after_at=span.after_at)


def _named(one: MeasureFact, places: Mapping[str, Word]) -> MeasureFact:
    def word(row: FigureRow) -> Word:
        if row.by == "place":
            return places.get(row.key, (row.key, row.key))
        return (row.name_zh, row.name_en) if row.name_zh else word_of(one.what, row.by, row.key)

    rows = [
        row.model_copy(update=dict(zip(("name_zh", "name_en"), word(row), strict=True))) for row in one.rows
    ]
    return one.model_copy(update={"rows": rows})


def _told(what: Measure, figures: list[TallyFact], rows: list[FigureRow]) -> MeasureFact:
    (zh, en), (stated_zh, stated_en) = NAMES[what], STATED[what]
    return MeasureFact(
        what=what,
        name_zh=zh,
        name_en=en,
        stated_zh=stated_zh,
        stated_en=stated_en,
        figures=figures,
        rows=rows,
    )


def _measure(what: Measure, rows: Sequence[Mapping[str, Any]], spans: int) -> MeasureFact:
    whole = [NOTHING] * spans
    parts: dict[tuple[Grouped, str], tuple[str, str, list[TallyFact]]] = {}
    for row in rows:
        by = next((name for name in GROUPS if not row[f"any_{name}"]), None)
        if by is None:
            whole[row["n"]] = _figure(row)
        elif row[by] is not None:
            named = (row["kind_zh"] or "", row["kind_en"] or "") if by == "kind" else ("", "")
            parts.setdefault((by, row[by]), (*named, [NOTHING] * spans))[2][row["n"]] = _figure(row)
    found = [
        FigureRow(by=by, key=key, name_zh=zh, name_en=en, figures=told)
        for (by, key), (zh, en, told) in parts.items()
    ]
    found.sort(key=lambda row: (GROUPS.index(row.by), -row.figures[0].counted, row.key))
    return _told(what, whole, found)


def _figure(row: Mapping[str, Any]) -> TallyFact:
    p50, p90 = row["p50_s"], row["p90_s"]
    return TallyFact(
        counted=row["counted"],
        judged=row["judged"],
        good=row["good"],
        amount=row["amount"],
        measured=row["measured"],
        p50_s=None if p50 is None else float(p50),
        p90_s=None if p90 is None else float(p90),
    )


def _heard(row: Mapping[str, Any], now: datetime) -> bool:
    state = device_state(
        row["kind"], row["last_heard_at"], now, active=True, vouched=vouched_by(row["facts"])
    )
    return state == "live"


def _online(rows: Sequence[Mapping[str, Any]], now: datetime) -> MeasureFact:
    """Return how many devices are heard at this instant: of their past nothing is kept."""

    def figure(of: Sequence[Mapping[str, Any]]) -> TallyFact:
        good = sum(_heard(row, now) for row in of)
        return NOTHING.model_copy(update={"counted": len(of), "judged": len(of), "good": good})

    found = []
    grouped: tuple[Grouped, ...] = ("kind", "place")
    for by in grouped:
        for key in sorted({row[by] for row in rows}):
            told = [figure([row for row in rows if row[by] == key])]
            found.append(FigureRow(by=by, key=key, name_zh="", name_en="", figures=told))
    return _told("devices", [figure(rows)], found)


async def counted(
    tx: Tx,
    by: Viewer,
    what: Measure,
    span: Span,
    now: datetime,
    limits: Limits,
    *,
    grouped: Grouped | None,
    key: str,
    good: bool | None,
) -> CountedList:
    """Return the rows that a figure counted, latest first. Raises NotPermitted."""
    require(by, "see_desk")
    if what == "devices":
        rows = [
            _device(row, now) for row in await store.devices(tx, by) if not grouped or row[grouped] == key
        ]
        rows = [row for row in rows if good is None or row.good is good]
    else:
        found = await store.listed(tx, by, what, span, now, limits, grouped=grouped, key=key, good=good)
        rows = [_row(what, row) for row in found]
    return CountedList(what=what, rows=rows[:MOST_LISTED], more=len(rows) > MOST_LISTED)


def _row(what: Measure, row: Mapping[str, Any]) -> CountedFact:
    zh, en = (row["name_zh"], row["name_en"]) if row["name_zh"] else word_of(what, "kind", row["key"])
    return CountedFact(**{**row, "name_zh": zh, "name_en": en})


def _device(row: Mapping[str, Any], now: datetime) -> CountedFact:
    kind = kind_of(row["kind"])
    return CountedFact(
        at=row["last_heard_at"],
        key=row["kind"],
        name_zh=kind.zh,
        name_en=kind.en,
        title=row["label"],
        place_zh=row["place_zh"] or "",
        place_en=row["place_en"] or "",
        good=_heard(row, now),
        value_s=None,
        amount=0,
        page=f"/devices/{row['id']}",
    )
