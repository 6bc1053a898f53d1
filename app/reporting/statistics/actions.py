"""Count how a county's units report, for who reads their desks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.facts import ReportNode
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput
from app.reporting.rules.terms import NODES
from app.reporting.statistics import store
from app.reporting.statistics.facts import ReportingCountFact, ReportingStatistics

MOST_MONTHS = 24
_NAMED = frozenset({"node", "unit", "month", "any_unit", "any_month"})


async def statistics(
    tx: Tx, by: Viewer, first: str, last: str, now: datetime, zone: ZoneInfo
) -> ReportingStatistics:
    """Return the counts from the first to the last month ("2025-06", the county's clock) of one's scope.

    Raises InvalidInput for months that do not follow each other or are too many, NotPermitted.
    """
    require(by, "see_desk")
    months = _number(last) - _number(first) + 1
    if not 1 <= months <= MOST_MONTHS:
        raise InvalidInput(
            FieldFault(
                "last",
                f"末月不能早于首月,且最多{MOST_MONTHS}个月",
                f"the last month follows the first, {MOST_MONTHS} months at most",
            )
        )
    begins, ends = _instant(_number(first), zone), _instant(_number(last) + 1, zone)
    rows = await store.counts(tx, by, begins, ends, now, zone)
    names = await store.names(tx, sorted({row["unit"] for row in rows if row["unit"]}))
    facts = [(row["any_unit"], row["any_month"], _fact(row, names)) for row in rows]
    return ReportingStatistics(
        first_month=first,
        last_month=last,
        total=next(fact for unit, month, fact in facts if unit and month),
        units=[fact for unit, month, fact in facts if not unit and month],
        months=[fact for unit, month, fact in facts if unit and not month],
        cells=[fact for unit, month, fact in facts if not unit and not month],
    )


def _fact(row: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> ReportingCountFact:
    node = cast("ReportNode | None", row["node"])
    unit = row["unit"] or ""
    zh, en = names.get(unit, (unit, unit)) if unit else (NODES[node] if node else ("", ""))
    counts = {name: value for name, value in row.items() if name not in _NAMED}
    measured = ("average_delay_min", "first_p50_s", "first_p90_s")
    told = {
        name: None if value is None else float(value) for name, value in counts.items() if name in measured
    }
    longest = counts["longest_delay_min"]
    told |= {
        name: int(value or 0)
        for name, value in counts.items()
        if name not in (*measured, "longest_delay_min")
    }
    return ReportingCountFact(
        node=node,
        region_code=unit,
        name_zh=zh,
        name_en=en,
        month=row["month"],
        longest_delay_min=None if longest is None else int(longest),
        **told,
    )


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _instant(number: int, zone: ZoneInfo) -> datetime:
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=zone)
