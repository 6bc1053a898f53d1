"""Wire shapes of the statistics."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, get_args

from app.desk.statistics.rules import PeriodKind
from app.wire import Fact

Measure = Literal[
    "calls",
    "incidents",
    "opened",
    "first_order",
    "acknowledged",
    "turnout",
    "arrived",
    "done",
    "outside_help",
    "reports",
    "warnings",
    "callouts",
    "broadcasts",
    "terminals",
    "spot_checks",
    "arrivals",
    "gaps",
    "round_ups",
    "devices",
    "supplies",
]
MEASURES: tuple[Measure, ...] = get_args(Measure)
Grouped = Literal["kind", "level", "place"]


class TallyFact(Fact):
    """What one period amounts to: how many; of the `judged` how many were `good`; the sum of amounts; and of
    the `measured` ones the median and nine of ten, in seconds. None: nothing to say.
    """

    counted: int
    judged: int
    good: int
    amount: int
    measured: int
    p50_s: float | None
    p90_s: float | None


class FigureRow(Fact):
    """A part of a measure: its kind, level or township."""

    by: Grouped
    key: str
    name_zh: str
    name_en: str
    figures: list[TallyFact]


class MeasureFact(Fact):
    """A measure in the period, the one before and the same of last year, whole and in parts.

    `stated` says how it is counted. Of what has no past (`devices`) there is one figure: of this instant.
    """

    what: Measure
    name_zh: str
    name_en: str
    stated_zh: str
    stated_en: str
    figures: list[TallyFact]
    rows: list[FigureRow]


class SpanFact(Fact):
    """A period by its days, both included, and by the instants that were counted."""

    first: date
    last: date
    first_at: datetime
    after_at: datetime


class StatisticsFact(Fact):
    """The statistics of one's scope; `running`: the period is not over, the others end as early."""

    kind: PeriodKind
    running: bool
    spans: list[SpanFact]
    measures: list[MeasureFact]


class CountedFact(Fact):
    """One row of what was counted: when, what, where it is read (`page`, a path of the console)."""

    at: datetime | None
    key: str
    name_zh: str
    name_en: str
    title: str
    place_zh: str
    place_en: str
    good: bool | None
    value_s: float | None
    amount: int
    page: str


class CountedList(Fact):
    """What a figure counted, latest first; `more`: there is more than is told here."""

    what: Measure
    rows: list[CountedFact]
    more: bool
