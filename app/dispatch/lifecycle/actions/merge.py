"""Merge one incident into another (并案), and take that back while nothing else happened.

What hangs on the first is re-pointed to the second, so that teams, timers and counts have one home; the
journal of the first stays its own, and the second reads it through the tie.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.actions.permission import actor, concern_of, incident_for_command
from app.dispatch.actions.tell import Learned, told_of
from app.dispatch.exercise.apart import check_same_drill
from app.dispatch.facts import IncidentFact
from app.dispatch.figures.tables import FigureChoice
from app.dispatch.level.actions import inherit_key_facility, regrade
from app.dispatch.lifecycle import store
from app.dispatch.lifecycle.commands import MergeIn
from app.dispatch.lifecycle.joining import KEPT, check_audience, joined, read, written
from app.dispatch.lifecycle.refusals import CommandStillActive, LinkedAlready, LinkOver, MergeSettled
from app.dispatch.lifecycle.tables import IncidentLink
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.secrecy.spread import spread
from app.dispatch.secrecy.withdraw import withdrawn
from app.dispatch.tables import Incident
from app.journal import store as journal
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput, NotFound


async def merge(tx: Tx, by: Viewer, incident_id: int, told: MergeIn, now: datetime) -> IncidentFact:
    """Close an incident into another, which takes up everything of it; return the other.

    Raises IllegalStep unless both are open, LinkedAlready between parent and child, NoCommonReader,
    WouldWiden, CommandStillActive when one headquarters commands both, InvalidInput, NotFound, NotPermitted.
    """
    if told.into_id == incident_id:
        raise InvalidInput(FieldFault("into_id", "不能并入自身,请选择另一事件", "choose another incident"))
    await store.hold(tx, incident_id)
    first, second = await _both(tx, by, incident_id, told.into_id)
    await _check_apart(tx, first, second)
    before = {"from": _said(first), "into": _said(second)}
    concerned = concern_of(second)
    together = joined(_said(second), _said(first))
    regions, teams = check_audience(by, concerned, concern_of(first), together["readers"], widen=told.widen)
    level = second.initial_level
    for name, value in together.items():
        setattr(second, name, value)
    second.concern_regions, second.concern_teams = list(regions), list(teams)
    moved = await store.move_all(tx, incident_id, second)
    await _figures(tx, by, first, second, now)
    inherit_key_facility(second, first)
    learned = regrade(second, now)
    first.state, first.closed_at, first.closed_by = "closed", now, by.name
    first.close_reason, first.merged_into_id = f"并入 {second.number}:{told.reason}", second.id
    first.version, second.version = first.version + 1, second.version + 1
    tx.add(
        IncidentLink(
            stream=by.stream,
            kind="merged",
            from_id=incident_id,
            to_id=told.into_id,
            reason=told.reason,
            made_by=by.name,
            made_at=now,
            moved=moved,
            before={name: written(said) for name, said in before.items()},
        )
    )
    await tx.flush()
    await spread(tx, told.into_id, concern_of(second))
    away = Learned(
        "incident.merged",
        f"并入 {second.number}:{told.reason}",
        f"merged into {second.number}: {told.reason}",
    )
    if second.initial_level < level and not any(one.event_type.endswith("raised") for one in learned):
        learned.append(
            Learned("incident.level_raised", f"随 {first.number} 升级", f"raised with {first.number}")
        )
    taken = Learned("incident.absorbed", _taken_zh(first, told), _taken_en(first, told))
    _, gone = await told_of(tx, by, first, [away], now)
    fact, entries = await told_of(tx, by, second, [*learned, taken], now)
    hidden = withdrawn(told.into_id, concerned, concern_of(second))
    await journal.append(tx, by.stream, now, [*gone, *hidden, *entries], actor(by))
    return fact


async def undo_merge(tx: Tx, by: Viewer, link_id: int, reason: str, now: datetime) -> IncidentFact:
    """Open a merged incident again with everything it gave up; return it.

    Who was told of the other once goes on being told. Raises MergeSettled when something happened since,
    LinkOver, NotFound, NotPermitted.
    """
    link = await store.locked(tx, by.stream, link_id)
    if link is None:
        raise NotFound("该关联", "link")
    await store.hold(tx, link.to_id)
    first, second = await _both(tx, by, link.from_id, link.to_id)
    if link.kind != "merged" or link.undone_at is not None:
        raise LinkOver
    if second.state != "open" or await store.happened_since(tx, by.stream, link.from_id, link.to_id):
        raise MergeSettled
    concerned = concern_of(second)
    had = second.casualties
    for name, value in read(link.before["into"]).items():
        setattr(second, name, value)
    for kind, value in had.items():
        if value is not None and second.casualties.get(kind) is None:
            tx.add(_choice(by, link.to_id, kind, None, f"撤销并案:{reason}", now))
    first.state, first.closed_at, first.closed_by = "open", None, None
    first.close_reason, first.merged_into_id = None, None
    first.version, second.version = first.version + 1, second.version + 1
    await store.move_back(tx, link.moved, first)
    link.undone_by, link.undone_at, link.undone_reason = by.name, now, reason
    await tx.flush()
    for one in (first, second):
        await spread(tx, one.id or 0, concern_of(one))
    back = Learned(
        "incident.merge_undone",
        f"撤销并入的 {first.number}:{reason}",
        f"{first.number} is apart again: {reason}",
    )
    again = Learned("incident.reopened", f"撤销并案:{reason}", f"merge undone: {reason}")
    _, entries = await told_of(tx, by, second, [back], now)
    fact, reopened = await told_of(tx, by, first, [again], now)
    hidden = withdrawn(link.to_id, concerned, concern_of(second))
    await journal.append(tx, by.stream, now, [*hidden, *entries, *reopened], actor(by))
    return fact


async def _check_apart(tx: Tx, first: Incident, second: Incident) -> None:
    """Raise IllegalStep, CommandStillActive, LinkedAlready unless two incidents can be merged."""
    assert first.id is not None and second.id is not None
    for one in (first, second):
        if one.state != "open":
            raise IllegalStep(one.state, "merge")
    if name := await store.common_command(tx, first.id, second.id):
        raise CommandStillActive(name)
    check_same_drill(first.drill_id, second.drill_id)
    for lower, upper in ((first.id, second.id), (second.id, first.id)):
        if await store.standing(tx, "child", lower, upper):
            raise LinkedAlready


async def _both(tx: Tx, by: Viewer, one: int, other: int) -> tuple[Incident, Incident]:
    """Return two incidents this person may command, locked in the order of their numbers."""
    found = {id_: await incident_for_command(tx, by, id_) for id_ in sorted((one, other))}
    return found[one], found[other]


def _said(incident: Incident) -> dict[str, Any]:
    return {name: getattr(incident, name) for name in KEPT}


async def _figures(tx: Tx, by: Viewer, first: Incident, second: Incident, now: datetime) -> None:
    """Let figures the second knows nothing of be official there; conflicting ones stand side by side."""
    assert first.id is not None and second.id is not None
    held = dict(second.casualties)
    for kind, figure_id in await store.fresh_official(tx, first.id, second.id):
        tx.add(_choice(by, second.id, kind, figure_id, f"随 {first.number} 并入", now))
        held[kind] = first.casualties.get(kind)
    second.casualties = held
    await tx.flush()


def _choice(
    by: Viewer, incident_id: int, kind: str, figure_id: int | None, reason: str, now: datetime
) -> FigureChoice:
    return FigureChoice(
        incident_id=incident_id,
        kind=kind,
        figure_id=figure_id,
        reason=reason,
        chosen_by=by.name,
        account_id=by.account_id,
        chosen_at=now,
    )


def _taken_zh(first: Incident, told: MergeIn) -> str:
    return f"{first.number} {first.title} 并入{';同意扩大知悉范围' if told.widen else ''}:{told.reason}"


def _taken_en(first: Incident, told: MergeIn) -> str:
    wider = "; more people may know it" if told.widen else ""
    return f"{first.number} {first.title} merged into this{wider}: {told.reason}"
