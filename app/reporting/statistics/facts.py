"""Wire shapes of the statistics of reporting."""

from __future__ import annotations

from app.dispatch.facts import ReportNode
from app.wire import Fact


class ReportingCountFact(Fact):
    """What one unit did in one month; without `node` of all units, without `month` of the whole period.

    `region_code` is the unit's place, "" for the units of the county. `due` is in time and late together;
    what is not made and not overdue is not counted. `disputed` and `unmade` are among the late. Delays are
    in minutes, times to the first report in seconds from when the unit knew; None: nothing was measured.
    """

    node: ReportNode | None
    region_code: str
    name_zh: str
    name_en: str
    month: str | None
    due: int
    in_time: int
    late: int
    disputed: int
    unmade: int
    average_delay_min: float | None
    longest_delay_min: int | None
    first_reports: int
    first_p50_s: float | None
    first_p90_s: float | None
    written: int
    returns: int
    oral_consents: int
    corrections: int


class ReportingStatistics(Fact):
    """Counts of a period by unit, by month and by both; `total` is all of it."""

    first_month: str
    last_month: str
    total: ReportingCountFact
    units: list[ReportingCountFact]
    months: list[ReportingCountFact]
    cells: list[ReportingCountFact]
