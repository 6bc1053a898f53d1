"""The text of a report from its points and a template; a follow-up holds only what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.dispatch.figures.kinds import MEASURES
from app.reporting.report.rules.points import FIGURES, PERSONS, REQUIRED, Point
from app.reporting.report.rules.record import VERIFYING
from app.reporting.report.rules.template import ALWAYS, Template, fields_of, filled

NOTHING_NEW = "截至{截至}，较上一报无新变化。"


def changes(points: Sequence[Point], told: Mapping[str, str]) -> tuple[Point, ...]:
    """Return the points that were not told yet, or differently. `told`: text by key, of all that was sent."""
    return tuple(point for point in points if told.get(point.key) != point.text)


def with_doubt(points: Sequence[Point], told: Mapping[str, str]) -> tuple[Point, ...]:
    """Return the points with those figures that were told and are being verified again."""
    known = {point.key for point in points}
    doubtful = (
        Point(f"figure:{kind}", field, VERIFYING, MEASURES[kind].zh)  # type: ignore[index]
        for field, kinds in FIGURES.items()
        for kind in kinds
        if f"figure:{kind}" in told and f"figure:{kind}" not in known
    )
    return (*points, *doubtful)


def told_after(told: Mapping[str, str], points: Iterable[Point]) -> dict[str, str]:
    """Return what is told once a version with these points is sent."""
    return {**told, **{point.key: point.text for point in with_doubt(tuple(points), told)}}


def whole_text(
    template: Template, points: Sequence[Point], title: str, as_of: datetime, zone: ZoneInfo
) -> str:
    """Return the text of a first or a final report: everything, and 正在核实 where it must be known."""
    values = _values(points, {})
    for name in REQUIRED:
        values.setdefault(name, VERIFYING)
    values["伤亡"] = _with_unknown(values["伤亡"], points)
    return _text(template, values, title, as_of, zone)


def followup_text(
    template: Template,
    points: Sequence[Point],
    told: Mapping[str, str],
    title: str,
    as_of: datetime,
    zone: ZoneInfo,
) -> str:
    """Return the text of a follow-up: what changed since the last version that was sent, nothing else."""
    news = changes(with_doubt(points, told), told)
    text = _text(template, _values(news, told), title, as_of, zone)
    if news:
        return text
    return filled(NOTHING_NEW, {"截至": _clock(as_of, zone)})


def _values(points: Sequence[Point], told: Mapping[str, str]) -> dict[str, str]:
    fields: dict[str, list[str]] = {}
    for point in points:
        fields.setdefault(point.field, []).append(_said(point, told.get(point.key)))
    return {name: "，".join(_parted(name, parts)) for name, parts in fields.items()}


def _parted(name: str, parts: list[str]) -> list[str]:
    return parts if name in ("伤亡", "性质") else ["；".join(parts)]


def _said(point: Point, before: str | None) -> str:
    if not point.subject:
        return point.text
    if point.text == VERIFYING:
        return f"{point.subject}数{VERIFYING}"
    if before in (None, VERIFYING):
        return f"{point.subject}{point.text}"
    return f"{point.subject}由{before}变为{point.text}"


def _with_unknown(words: str, points: Sequence[Point]) -> str:
    known = {point.key for point in points}
    open_ = [MEASURES[kind].zh for kind in PERSONS if f"figure:{kind}" not in known]  # type: ignore[index]
    if len(open_) == len(PERSONS):
        return f"伤亡情况{VERIFYING}"
    return f"{words}，{'、'.join(open_)}人数{VERIFYING}" if open_ else words


def _text(template: Template, values: dict[str, str], title: str, as_of: datetime, zone: ZoneInfo) -> str:
    values = {**values, "标题": title, "截至": _clock(as_of, zone)}
    kept: list[str] = []
    for line in template.lines:
        names = [name for name in fields_of(line) if name not in ALWAYS]
        if names and not any(values.get(name) for name in names):
            continue
        kept.append(filled(line, values))
    return "\n".join(kept)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"
