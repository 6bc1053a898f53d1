"""Build what the engine asks for from the rows of one incident."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from app.dispatch.facts import TellingFact
from app.dispatch.rules.tellings import SYSTEM, WRITTEN
from app.dispatch.tables import Incident
from app.reporting.rules.situation import Closing, FigureSet, FlagSet, Happening, LevelSet, Situation, Told
from app.reporting.rules.terms import LEVELS, Channel, Event, Level, Node
from app.reporting.tables import ReportingFact

MARKS = ("level", "sensitive", "key_facility")
TURNS = ("ended", "reopened")
HOUSE = (*MARKS, *TURNS)
"""Facts that the house itself writes down, from the incident."""


def remembered(incident: Incident, rows: Sequence[ReportingFact], now: datetime) -> list[ReportingFact]:
    """Return all facts, with the level, the marks and the end the incident has now if they are new.

    The first level counts from the opening: what an incident of before this table was once, nobody kept.
    """
    last = {row.kind: row.value for row in rows if row.kind in MARKS}
    first = incident.opened_at if "level" not in last else now
    told = {
        "level": float(incident.initial_level),
        "sensitive": float(incident.sensitive),
        "key_facility": float(bool(incident.grading.get("key_facility"))),
    }
    fresh = [
        _fact(incident, kind, first, value, now)
        for kind, value in told.items()
        if last.get(kind, None if kind == "level" else 0.0) != value
    ]
    return [*rows, *fresh, *_turn(incident, rows, now)]


def _turn(incident: Incident, rows: Sequence[ReportingFact], now: datetime) -> Iterator[ReportingFact]:
    """Yield that handling ended, or was taken up again, if that is new. A merged incident did not end."""
    last = next((row.kind for row in reversed(rows) if row.kind in TURNS), "reopened")
    if incident.merged_into_id is not None:
        return
    if incident.state == "closed" and last == "reopened":
        yield _fact(incident, "ended", incident.closed_at or now, None, now)
    elif incident.state == "open" and last == "ended":
        yield _fact(incident, "reopened", now, None, now)


def _fact(incident: Incident, kind: str, at: datetime, value: float | None, now: datetime) -> ReportingFact:
    return ReportingFact(
        stream=incident.stream,
        incident_id=incident.id or 0,
        kind=kind,
        name=kind,
        at=at,
        value=value,
        entered_at=now,
    )


def situation_of(
    incident: Incident, rows: Sequence[ReportingFact], figures: Sequence[FigureSet]
) -> Situation:
    """Return an incident as the engine sees it, up to its last fact; `figures` are its official ones."""
    corrected = {row.corrects_id for row in rows if row.corrects_id is not None}
    holding = [row for row in rows if row.id not in corrected and row.at is not None]
    milestones = {row.name: _at(row) for row in holding if row.kind == "milestone"}
    return Situation(
        id=incident.number,
        event_code=incident.event_code,
        opened=incident.opened_at,
        levels=tuple(LevelSet(_at(row), _level(row)) for row in holding if row.kind == "level"),
        occurred=incident.occurred_at,
        learned=_nodes(holding, "learned"),
        received={"C": incident.received_at, **_nodes(holding, "received")},
        figures=(
            *figures,
            *(FigureSet(_at(row), row.name, row.value) for row in holding if row.kind == "figure"),
        ),
        flags=tuple(
            FlagSet(_at(row), row.name, holds=row.value != 0)
            for row in holding
            if row.kind in ("flag", "sensitive", "key_facility")
        ),
        happenings=tuple(
            Happening(_at(row), cast("Event", row.name)) for row in holding if row.kind == "happening"
        ),
        ended=incident.closed_at if incident.state == "closed" else None,
        fire_out=milestones.get("fire_out"),
        stable=milestones.get("stable"),
        told=told_of(incident.tellings),
        scopes=frozenset(row.name for row in holding if row.kind == "scope"),
        closings=closings_of(holding),
    )


def closings_of(rows: Sequence[ReportingFact]) -> tuple[Closing, ...]:
    """Return the ends that were taken back by a reopening, in order."""
    found: list[Closing] = []
    ended: datetime | None = None
    for row in rows:
        if row.kind == "ended":
            ended = row.at
        elif row.kind == "reopened" and ended is not None:
            found.append(Closing(ended, _at(row)))
            ended = None
    return tuple(found)


def told_of(tellings: Sequence[dict[str, Any]]) -> tuple[Told, ...]:
    """Return the tellings that count as reports: those to a node. **The seam of written reports**.

    Whoever sends a signed report and has its receipt appends a telling with `channel` written (also fax,
    email) and a `receiver`; `version` and `as_of` say which facts it held.
    """
    told = [TellingFact.model_validate(one) for one in tellings]
    return tuple(
        Told(
            sender=one.sender or "C",
            receiver=one.receiver,
            channel=_means(one.channel),
            at=one.told_at,
            version=one.version,
            kind=one.kind,
            as_of=one.as_of,
        )
        for one in told
        if one.receiver is not None
    )


def _means(channel: str) -> Channel:
    return "written" if channel in WRITTEN else "system" if channel in SYSTEM else "phone"


def _nodes(rows: Sequence[ReportingFact], kind: str) -> dict[Node, datetime]:
    """Return since when each node knows: of two entries that both stand, the later entry counts."""
    return {cast("Node", row.name): _at(row) for row in rows if row.kind == kind}


def _at(row: ReportingFact) -> datetime:
    assert row.at is not None
    return row.at


def _level(row: ReportingFact) -> Level:
    return LEVELS[4 - int(row.value or 4)]
