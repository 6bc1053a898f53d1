"""Split a new incident from one (拆分): what is chosen goes with it, both keep their history."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.actions.incidents import Draft, open_incident
from app.dispatch.actions.permission import actor, concern_of, incident_for_command
from app.dispatch.actions.tell import Learned, told_of
from app.dispatch.facts import Caller, Casualties, IncidentFact
from app.dispatch.lifecycle import store
from app.dispatch.lifecycle.commands import IncidentSplitIn
from app.dispatch.lifecycle.tables import IncidentLink
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.secrecy.spread import spread
from app.dispatch.store import assignments
from app.dispatch.tables import Incident
from app.journal import store as journal
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput


async def split(
    tx: Tx, by: Viewer, incident_id: int, told: IncidentSplitIn, now: datetime, zone: ZoneInfo
) -> IncidentFact:
    """Open a new incident with what is chosen of one; return the new one.

    It is as secret as what it came from. Raises IllegalStep unless open, InvalidInput,
    NotFound, NotPermitted.
    """
    await store.hold(tx, incident_id)
    source = await incident_for_command(tx, by, incident_id)
    if source.state != "open":
        raise IllegalStep(source.state, "split")
    teams = await _chosen_teams(tx, source, told)
    callers = [Caller.model_validate(source.callers[place]) for place in told.callers]
    new, _ = await open_incident(tx, by, _draft(source, told, callers), now, zone)
    assert new.id is not None
    _as_secret(new, source)
    new.concern_teams = teams
    source.callers = [one for place, one in enumerate(source.callers) if place not in told.callers]
    source.alarm_ids = [id_ for id_ in source.alarm_ids if id_ not in told.alarm_ids]
    source.version += 1
    await tx.flush()
    await store.move_some(tx, new.id, told.assignment_ids, told.alarm_ids)
    tx.add(
        IncidentLink(
            stream=by.stream,
            kind="split",
            from_id=new.id,
            to_id=incident_id,
            reason=told.reason,
            made_by=by.name,
            made_at=now,
            moved={"assignment": list(told.assignment_ids), "alarm": list(told.alarm_ids)},
        )
    )
    await tx.flush()
    await spread(tx, new.id, concern_of(new))
    apart = Learned(
        "incident.split", f"拆出 {new.number}:{told.reason}", f"{new.number} split off: {told.reason}"
    )
    off = Learned(
        "incident.split_off", f"自 {source.number} 拆出:{told.reason}", f"from {source.number}: {told.reason}"
    )
    _, before = await told_of(tx, by, source, [apart], now)
    fact, after = await told_of(tx, by, new, ["incident.opened", off], now)
    await journal.append(tx, by.stream, now, [*before, *after], actor(by))
    return fact


async def _chosen_teams(tx: Tx, source: Incident, told: IncidentSplitIn) -> list[int]:
    """Return the teams that go with the new incident. Raises InvalidInput for what is not of this one."""
    assert source.id is not None
    if not (told.assignment_ids or told.alarm_ids or told.callers):
        raise InvalidInput(
            FieldFault("assignment_ids", "请至少选一项随新事件走", "choose at least one thing to go along")
        )
    sent = {one.id: one.team_id for one in await assignments.of_incidents(tx, [source.id])}
    if set(told.assignment_ids) - set(sent):
        raise InvalidInput(FieldFault("assignment_ids", "所选派单不属于该事件", "no assignment of this one"))
    if set(told.alarm_ids) - set(source.alarm_ids):
        raise InvalidInput(FieldFault("alarm_ids", "所选报警不属于该事件", "no alarm of this incident"))
    if any(place >= len(source.callers) for place in told.callers):
        raise InvalidInput(FieldFault("callers", "所选报告人不属于该事件", "no caller of this incident"))
    return list(dict.fromkeys(sent[id_] for id_ in told.assignment_ids))


def _draft(source: Incident, told: IncidentSplitIn, callers: list[Caller]) -> Draft:
    elsewhere = told.region_code is not None and told.region_code != source.region_code
    return Draft(
        event_scheme=source.event_scheme,
        event_code=told.event_code or source.event_code,
        title=told.title,
        initial_level=source.initial_level,
        life_threat=source.life_threat,
        source=source.source,
        region_code=told.region_code or source.region_code,
        address=told.address or ("" if elsewhere else source.address),
        lon=told.lon if told.lon is not None or elsewhere else source.lon,
        lat=told.lat if told.lat is not None or elsewhere else source.lat,
        description="",
        callers=callers,
        casualties=Casualties(),
        occurred_at=source.occurred_at,
        received_at=source.received_at,
        alarm_ids=list(told.alarm_ids),
        told_regions=list(source.concern_regions),
        drill_id=source.drill_id,
    )


def _as_secret(new: Incident, source: Incident) -> None:
    new.sensitive = source.sensitive
    new.restricted = new.restricted or source.restricted
    new.restricted_by_hand = source.restricted_by_hand or source.restricted
    new.readers, new.named_readers = list(source.readers), list(source.named_readers)
