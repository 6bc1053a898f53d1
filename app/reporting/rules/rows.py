"""Read the schedules of a rule: rows of reports a day, at hours of the day, every so many minutes."""

from __future__ import annotations

from datetime import time
from typing import TypeVar, cast

import yaml

from app.nodes import Reader, Table
from app.reporting.rules.book import Schedule
from app.reporting.rules.terms import GRADES, Grade

ROW = ("per_day_min", "daily_at", "every_min", "for_h", "then_daily_at", "then_every_min")
MOST_MIN, MOST_HOURS = 60 * 24 * 366, 24 * 366
T = TypeVar("T")


def with_risk(told: dict[Grade, T], risk_as: str | None) -> dict[Grade, T]:
    """Return the limits of a rule with 较大涉险 listed beside the grade the profile has it count as."""
    held = told.get(cast(Grade, risk_as)) if risk_as else None
    return told if held is None or "larger_risk" in told else {**told, "larger_risk": held}


def read_schedules(
    reader: Reader, told: Table, path: str, grades: tuple[Grade, ...], node: yaml.Node
) -> dict[Grade, Schedule]:
    """Read what a rule says under `schedule`, by grade, or beside its other keys, for all its grades."""
    if "schedule" not in told:
        one = _schedule(reader, told, path, node)
        return dict.fromkeys(grades or ("general",), one) if one else {}
    found: dict[Grade, Schedule] = {}
    table = reader.table(told["schedule"].node, f"{path}.schedule", grades or GRADES, grades) or {}
    for grade, entry in table.items():
        below = f"{path}.schedule.{grade}"
        row = reader.table(entry.node, below, ROW)
        one = _schedule(reader, row, below, entry.node) if row is not None else None
        if one:
            found[cast(Grade, grade)] = one
    return found


def _schedule(reader: Reader, told: Table, path: str, node: yaml.Node) -> Schedule | None:
    if sum(key in told for key in ("per_day_min", "daily_at", "every_min")) != 1:
        reader.fault(
            node,
            path,
            "per_day_min、daily_at、every_min须有且只有一项",
            "exactly one of per_day_min, daily_at, every_min",
        )
        return None
    then = {"then_daily_at", "then_every_min"} & told.keys()
    if len(then) > 1 or bool(then) != ("for_h" in told) or (then and "every_min" not in told):
        reader.fault(
            node, path, "for_h须与every_min和一项then_…并用", "for_h goes with every_min and one then_…"
        )
        return None
    after = Schedule(
        daily_at=_hours(reader, told, path, "then_daily_at"),
        every_min=_number(reader, told, path, "then_every_min", MOST_MIN),
    )
    return Schedule(
        _number(reader, told, path, "per_day_min", 24),
        _hours(reader, told, path, "daily_at"),
        _number(reader, told, path, "every_min", MOST_MIN),
        _number(reader, told, path, "for_h", MOST_HOURS),
        after if then else None,
    )


def _number(reader: Reader, told: Table, path: str, key: str, most: int) -> int | None:
    return reader.number(told[key].node, f"{path}.{key}", 1, most) if key in told else None


def _hours(reader: Reader, told: Table, path: str, key: str) -> tuple[time, ...]:
    if key not in told:
        return ()
    row = reader.row(told[key].node, f"{path}.{key}", 24)
    if not row:
        reader.fault(told[key].node, f"{path}.{key}", "至少一个时刻", "at least one hour")
    return tuple(hour for one in row if (hour := reader.hour(one, f"{path}.{key}")) is not None)
