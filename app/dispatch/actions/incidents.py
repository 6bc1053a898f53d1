"""Open, amend and close incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import store as deliveries
from app.dispatch.actions.permission import actor, concern_of, incident_for_command, require
from app.dispatch.commands import IncidentIn, IncidentPatch, earlier
from app.dispatch.events import IncidentChanged, IncidentWithdrawn
from app.dispatch.facts import AssignmentFact, Caller, Casualties, IncidentFact
from app.dispatch.rules.numbering import day_of, default_title, incident_number
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import EventType, Incident
from app.journal import store as journal
from app.journal.concern import Concern
from app.org import store as org
from app.org.rules.access import Viewer
from app.org.tables import Region
from app.refusals import FieldFault, InvalidInput, NotPermitted, Refusal


class StaleVersion(Refusal):
    """Somebody else changed the incident first."""

    code = "stale_version"

    def __init__(self) -> None:
        super().__init__(
            "该事件刚被他人修改,请核对最新内容后重新提交",
            "somebody else changed this incident first: look again",
        )


class TeamsStillOut(Refusal):
    """An incident is not closed while its teams are out."""

    code = "teams_still_out"

    def __init__(self, count: int) -> None:
        super().__init__(
            f"还有 {count} 支队伍未完成任务,请先完成或撤销派单再结案",
            f"{count} teams are still out: finish or cancel their assignments first",
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """An incident that is about to be opened."""

    event_scheme: str
    event_code: str
    title: str
    initial_level: int
    life_threat: bool
    source: str
    region_code: str
    address: str
    lon: float | None
    lat: float | None
    description: str
    callers: Sequence[Caller]
    casualties: Casualties
    occurred_at: datetime | None
    received_at: datetime
    alarm_ids: list[int] = field(default_factory=list)
    told_regions: list[str] = field(default_factory=list)  # places that already know of it


async def open_by_hand(tx: Tx, by: Viewer, told: IncidentIn, now: datetime, zone: ZoneInfo) -> IncidentFact:
    """Open an incident from a telephone call or another source. Raises InvalidInput, NotPermitted."""
    require(by, "command")
    draft = Draft(
        event_scheme=told.event_scheme,
        event_code=told.event_code,
        title=told.title,
        initial_level=told.initial_level,
        life_threat=told.life_threat,
        source=told.source,
        region_code=told.region_code,
        address=told.address,
        lon=told.lon,
        lat=told.lat,
        description=told.description,
        callers=told.callers,
        casualties=told.casualties,
        occurred_at=told.occurred_at,
        received_at=earlier(told.received_at, now),
    )
    incident = await open_incident(tx, by, draft, now, zone)
    return await tell(tx, by, incident, "incident.opened", now)


async def open_incident(tx: Tx, by: Viewer, draft: Draft, now: datetime, zone: ZoneInfo) -> Incident:
    """Write a new incident's row; the caller tells the journal. Raises InvalidInput, NotPermitted."""
    event_type = await _known_event_type(tx, draft.event_scheme, draft.event_code)
    region = await _known_region(tx, by, draft.region_code)
    day = day_of(now, zone)
    running = await incidents.next_running_number(tx, by.stream, day)
    place = await org.region_path(tx, draft.region_code)
    incident = Incident(
        stream=by.stream,
        number=incident_number(day, running),
        title=draft.title or default_title(place, event_type.name_zh),
        event_scheme=draft.event_scheme,
        event_code=draft.event_code,
        initial_level=draft.initial_level,
        restricted=event_type.restricted,
        life_threat=draft.life_threat,
        source=draft.source,
        region_code=draft.region_code,
        address=draft.address,
        # The village's centre until somebody knows better: a place on the map beats none.
        lon=draft.lon if draft.lon is not None else region.lon,
        lat=draft.lat if draft.lat is not None else region.lat,
        description=draft.description,
        callers=[caller.model_dump(mode="json") for caller in draft.callers],
        casualties=draft.casualties.model_dump(mode="json"),
        occurred_at=draft.occurred_at,
        received_at=draft.received_at,
        opened_at=now,
        opened_by=by.name,
        alarm_ids=draft.alarm_ids,
        concern_regions=list(dict.fromkeys([draft.region_code, *draft.told_regions])),
    )
    tx.add(incident)
    await tx.flush()
    return incident


async def amend(tx: Tx, by: Viewer, incident_id: int, patch: IncidentPatch, now: datetime) -> IncidentFact:
    """Change what is known. Raises StaleVersion, IllegalStep when closed, InvalidInput, NotFound."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.version != patch.version:
        raise StaleVersion
    if incident.state != "open":
        raise IllegalStep(incident.state, "amend")
    before = concern_of(incident)
    await _move(tx, by, incident, patch)
    for name, value in patch.model_dump(mode="python", exclude_unset=True, exclude={"version"}).items():
        if value is not None or name == "occurred_at":  # "we do not know after all" can be said of it
            setattr(incident, name, value)
    incident.version += 1
    after = concern_of(incident)
    if after != before:
        await deliveries.concern(tx, incident_id, after)
    gone = _withdrawn(incident_id, before) if after.restricted and not before.restricted else []
    return await tell(tx, by, incident, "incident.amended", now, gone)


async def _move(tx: Tx, by: Viewer, incident: Incident, patch: IncidentPatch) -> None:
    """Let the incident concern whom its new kind and place concern. Raises InvalidInput, NotPermitted."""
    if patch.event_code is not None or patch.event_scheme is not None:
        event_type = await _known_event_type(
            tx, patch.event_scheme or incident.event_scheme, patch.event_code or incident.event_code
        )
        incident.restricted = event_type.restricted
    if patch.region_code is not None:
        place = await _known_region(tx, by, patch.region_code)
        if patch.lon is None and await _stands_at_its_villages_centre(tx, incident):
            incident.lon, incident.lat = place.lon, place.lat
        if patch.region_code not in incident.concern_regions:
            incident.concern_regions = [*incident.concern_regions, patch.region_code]


async def _stands_at_its_villages_centre(tx: Tx, incident: Incident) -> bool:
    """Whether nobody has ever said more about the place than the village's name."""
    before = await org.region(tx, incident.region_code)
    return before is not None and (incident.lon, incident.lat) == (before.lon, before.lat)


def _withdrawn(incident_id: int, before: Concern) -> list[journal.Entry]:
    gone = IncidentWithdrawn(type="incident.withdrawn", incident_id=incident_id)
    return [journal.Entry(gone, replace(before, audience="outside"), incident_id)]


async def close(tx: Tx, by: Viewer, incident_id: int, reason: str, now: datetime) -> IncidentFact:
    """Close the incident (结案). Raises TeamsStillOut, IllegalStep, NotFound."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "close")
    if out := await assignments.active_of_incident(tx, incident_id):
        raise TeamsStillOut(out)
    incident.state, incident.closed_at, incident.closed_by = "closed", now, by.name
    incident.close_reason = reason
    incident.version += 1
    return await tell(tx, by, incident, "incident.closed", now)


async def tell(
    tx: Tx,
    by: Viewer,
    incident: Incident,
    event_type: str,
    now: datetime,
    before: Sequence[journal.Entry] = (),
) -> IncidentFact:
    """Put an incident's new state into the journal, with all that belongs to it, after what comes before."""
    await tx.flush()
    assert incident.id is not None
    seen = await incidents.seen(tx, by.stream, incident.id)
    assert seen is not None
    event = IncidentChanged(
        type=event_type,
        incident=seen.fact,
        assignments=await _assignments(tx, incident.id),
        deliveries=[deliveries.fact(row) for row in await deliveries.of_incidents(tx, [incident.id])],
    )
    entries = [*before, journal.Entry(event, seen.concern, incident.id)]
    await journal.append(tx, by.stream, now, entries, actor(by))
    return seen.fact


async def _assignments(tx: Tx, incident_id: int) -> list[AssignmentFact]:
    return await assignments.of_incidents(tx, [incident_id])


async def _known_event_type(tx: Tx, scheme: str, code: str) -> EventType:
    found = await incidents.event_type(tx, scheme, code)
    if found is None:
        raise InvalidInput(
            FieldFault(
                "event_code",
                f"没有事件类型 {code},请从列表中选择",
                f"no event type {code}: pick one of the list",
            )
        )
    return found


async def _known_region(tx: Tx, by: Viewer, code: str) -> Region:
    found = await org.region(tx, code)
    if found is None:
        raise InvalidInput(
            FieldFault(
                "region_code",
                f"没有区划代码 {code},请从列表中选择",
                f"no region {code}: pick one of the list",
            )
        )
    if not by.covers(code):
        raise NotPermitted
    return found
