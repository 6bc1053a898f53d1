"""The after-action report as a page to print: numbers, and two pictures drawn on the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.api.pages import environment, lasted
from app.desk.after_action.facts import AfterAction, SpanFact, TeamRoadFact

WIDTH, LABEL, ROW = 900, 190, 26
_STEPS = (
    ("assigned_at", "acknowledged_at", "answer", "待接单", "to answer"),
    ("acknowledged_at", "en_route_at", "turnout", "集结", "turnout"),
    ("en_route_at", "on_scene_at", "travel", "途中", "travel"),
    ("on_scene_at", "task_done_at", "scene", "现场处置", "on scene"),
)
_GRADES = {"green": "达标", "amber": "超目标", "red": "严重超时", None: ""}


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of a chart in its own units."""

    x: float
    y: float
    width: float
    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template draws: names at the left, bars, and where times stand below."""

    height: int
    names: list[tuple[float, str]]
    bars: list[Bar]
    marks: list[tuple[float, str]]


def roads_chart(roads: list[TeamRoadFact], zone: ZoneInfo) -> Chart | None:
    """Return who was where when: one row a team, one colour a stretch; None without teams."""
    instants = [at for road in roads for at in _instants(road)]
    if not roads or not instants:
        return None
    first, last = min(instants), max(instants)
    whole = max(1.0, (last - first).total_seconds())

    def place(at: datetime) -> float:
        return LABEL + (WIDTH - LABEL - 10) * (at - first).total_seconds() / whole

    bars = [
        Bar(
            place(begins),
            row * ROW + 5,
            max(2.0, place(ends) - place(begins)),
            kind,
            f"{zh} {lasted_of(begins, ends)}",
        )
        for row, road in enumerate(roads)
        for start, end, kind, zh, _ in _STEPS
        if (begins := getattr(road, start)) is not None
        and (ends := getattr(road, end)) is not None
        and ends >= begins
    ]
    marks = [
        (
            place(first + (last - first) * part / 4),
            f"{(first + (last - first) * part / 4).astimezone(zone):%H:%M}",
        )
        for part in range(5)
    ]
    return Chart(len(roads) * ROW + 24, _names([road.team_name for road in roads]), bars, marks)


def spans_chart(spans: list[SpanFact]) -> Chart | None:
    """Return this incident's spans beside the median and nine of ten of earlier ones; None without any."""
    known = [span for span in spans if span.seconds is not None]
    if not known:
        return None
    most = max(max(span.seconds or 0, span.earlier.p90_s or 0, span.target_s or 0) for span in known) or 1
    scale = (WIDTH - LABEL - 90) / most
    bars = []
    for row, span in enumerate(known):
        top = row * ROW + 4
        for n, (seconds, kind) in enumerate(
            ((span.seconds, "mine"), (span.earlier.p50_s, "p50"), (span.earlier.p90_s, "p90"))
        ):
            if seconds is not None:
                words = lasted(seconds) if n == 0 else ""
                bars.append(Bar(LABEL, top + n * 6, max(1.0, seconds * scale), kind, words))
        if span.target_s is not None:
            bars.append(Bar(LABEL + span.target_s * scale, top - 2, 2, "target"))
    return Chart(len(known) * ROW + 6, _names([span.zh for span in known]), bars, [])


def after_action_page(report: AfterAction, zone: ZoneInfo) -> str:
    """Return the report as HTML in local time, escaped, without a script."""

    def local(at: datetime | None, form: str = "%m-%d %H:%M:%S") -> str:
        return at.astimezone(zone).strftime(form) if at else "—"

    return environment.get_template("after_action.html").render(
        report=report,
        incident=report.incident,
        roads=roads_chart(report.roads, zone),
        spans=spans_chart(report.spans),
        late=[due for due in report.reports if due.late_minutes > 0 or due.flagged],
        steps=_STEPS,
        grades=_GRADES,
        local=local,
        lasted=lasted,
        width=WIDTH,
    )


def lasted_of(begins: datetime, ends: datetime) -> str:
    """Return a span in words."""
    return lasted((ends - begins).total_seconds())


def _instants(road: TeamRoadFact) -> list[datetime]:
    names = ("assigned_at", "acknowledged_at", "en_route_at", "on_scene_at", "task_done_at")
    return [at for name in names if (at := getattr(road, name)) is not None]


def _names(names: list[str]) -> list[tuple[float, str]]:
    return [(row * ROW + 17.0, name) for row, name in enumerate(names)]
