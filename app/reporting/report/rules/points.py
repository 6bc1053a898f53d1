"""A record taken apart into points: each has a key that stays, so that two versions can be compared. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.dispatch.figures.kinds import MEASURES, plain
from app.reporting.report.rules.record import Record

LEVELS: Mapping[int, str] = {1: "特别重大", 2: "重大", 3: "较大", 4: "一般"}
PERSONS = ("dead", "missing", "trapped", "seriously_injured", "slightly_injured")
SCOPE = ("at_risk", "evacuated", "area", "magnitude")
LOSSES = ("homes", "loss", "loss_at_risk")
FIGURES: Mapping[str, tuple[str, ...]] = {"影响范围": SCOPE, "伤亡": PERSONS, "损失": LOSSES}
REQUIRED: tuple[str, ...] = (
    "信息来源",
    "事发时间",
    "地点",
    "性质",
    "起因",
    "经过",
    "影响范围",
    "伤亡",
    "损失",
    "趋势",
    "领导到位",
    "措施",
    "现场负责人",
)
"""The fields a report must have (domain/rules B5d): unknown, they read 正在核实 and are asked again."""


@dataclass(frozen=True, slots=True)
class Point:
    """One fact in words. `key` names it through all versions, `field` is where in the text it belongs.

    `subject` is set for figures only: 被困; then `text` is the value with its unit: 3人.
    """

    key: str
    field: str
    text: str
    subject: str = ""


def points_of(record: Record, zone: ZoneInfo) -> tuple[Point, ...]:
    """Return everything known of an incident, in the order in which a report tells it."""
    return tuple(point for point in _points(record, zone) if point.text)


def unknown(points: tuple[Point, ...]) -> tuple[str, ...]:
    """Return the required fields nothing is known of, and figures of persons nobody told."""
    have = {point.field for point in points}
    keys = {point.key for point in points}
    missing = [name for name in REQUIRED if name not in have and name != "伤亡"]
    return (*missing, *(MEASURES[kind].zh for kind in PERSONS if f"figure:{kind}" not in keys))  # type: ignore[index]


def long_time(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as a report writes it, on the 24-hour clock."""
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日{local.hour:02d}时{local.minute:02d}分"


def _points(record: Record, zone: ZoneInfo) -> Iterator[Point]:
    told = record.told
    yield Point("received_at", "接报时间", long_time(record.received_at, zone))
    yield Point("source", "信息来源", _one(record.source))
    yield Point("occurred_at", "事发时间", long_time(record.occurred_at, zone) if record.occurred_at else "")
    yield Point("place", "地点", _one(record.place) + _coordinates(record))
    yield Point("nature", "性质", _one(record.nature))
    yield Point("level", "性质", f"初判等级{LEVELS[record.level]}" if record.level in LEVELS else "")
    yield Point("cause", "起因", _one(told.cause))
    yield Point("description", "经过", _one(record.description))
    yield Point("course", "经过", _one(told.course))
    yield from _figures(record, SCOPE, "影响范围")
    yield Point("scope", "影响范围", _one(told.scope))
    yield from _figures(record, PERSONS, "伤亡")
    yield from _figures(record, LOSSES, "损失")
    yield Point("losses", "损失", _one(told.losses))
    yield Point("trend", "趋势", _one(told.trend))
    for body, commander in record.command:
        yield Point(
            f"command:{body}", "领导到位", _one(f"{body}已启动，指挥长{commander}" if commander else body)
        )
    yield Point("leaders", "领导到位", _one(told.leaders))
    for force in record.forces:
        strength = f"{force.strength}人" if force.strength else ""
        yield Point(f"force:{force.key}", "措施", _one(f"{force.name}{strength}{force.stands}"))
    yield Point("measures", "措施", _one(told.measures))
    yield Point("requests", "请求事项", _one(told.requests))
    yield Point("commander", "现场负责人", _one(told.commander))
    yield Point("ended", "处置结果", _one(record.ended))
    yield Point("next_work", "后续工作", _one(told.next_work))


def _figures(record: Record, kinds: tuple[str, ...], field: str) -> Iterator[Point]:
    for kind in kinds:
        value = record.figures.get(kind)
        if value is not None:
            measure = MEASURES[kind]  # type: ignore[index]
            yield Point(f"figure:{kind}", field, f"{plain(value)}{measure.unit_zh}", measure.zh)


def _coordinates(record: Record) -> str:
    if record.lon is None or record.lat is None:
        return ""
    return f"（东经{record.lon:.5f}°，北纬{record.lat:.5f}°）"


def _one(words: str) -> str:
    """Return words as part of a sentence: one line, without the stop at its end."""
    return " ".join(words.split()).rstrip("。；;.，,、")
