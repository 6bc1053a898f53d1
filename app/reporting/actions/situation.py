"""Build what the engine asks for from the rows of one incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from app.db import Tx
from app.dispatch.facts import TellingFact
from app.dispatch.rules.tellings import SYSTEM, WRITTEN
from app.dispatch.tables import Incident
from app.reporting.rules.situation import FigureSet, FlagSet, Happening, LevelSet, Situation, Told
from app.reporting.rules.terms import LEVELS, Channel, Event, Level, Node
from app.reporting.store import situation as store
from app.reporting.tables import ReportingFact

HOUSE = ("level", "sensitive", "key_facility")
"""Facts that the house itself writes down, from the incident."""


async def remember(
    tx: Tx, incident: Incident, rows: Sequence[ReportingFact], now: datetime
) -> list[ReportingFact]:
    """Write down the level and the marks the incident has now, if they are new; return all facts.

    The first level counts from the opening: what an incident of before this table was once, nobody kept.
    """
    last = {row.kind: row.value for row in rows if row.kind in HOUSE}
    first = incident.opened_at if "level" not in last else now
    told = {
        "level": float(incident.initial_level),
        "sensitive": float(incident.sensitive),
        "key_facility": float(bool(incident.grading.get("key_facility"))),
    }
    fresh = [
        ReportingFact(
            stream=incident.stream,
            incident_id=incident.id or 0,
            kind=kind,
            name=kind,
            at=first,
            value=value,
            entered_at=now,
        )
        for kind, value in told.items()
        if last.get(kind, None if kind == "level" else 0.0) != value
    ]
    tx.add_all(fresh)
    return [*rows, *fresh]


async def situation_of(tx: Tx, incident: Incident, rows: Sequence[ReportingFact]) -> Situation:
    """Return an incident as the engine sees it, up to its last fact."""
    corrected = {row.corrects_id for row in rows if row.corrects_id is not None}
    holding = [row for row in rows if row.id not in corrected and row.at is not None]
    figures = await store.figures(tx, incident.id or 0)
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
    )


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
