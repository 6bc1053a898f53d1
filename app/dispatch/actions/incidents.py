"""Open, amend and close incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.actions.permission import concern_of, incident_for_command, require
from app.dispatch.actions.tell import Learned, tell
from app.dispatch.commands import IncidentIn, IncidentPatch, earlier
from app.dispatch.exercise import store as parties
from app.dispatch.facts import Caller, Casualties, GradingFact, IncidentFact
from app.dispatch.figures.actions import Origin, take_over
from app.dispatch.level.actions import reason_missing, regrade
from app.dispatch.lifecycle.below import check_nothing_below
from app.dispatch.rules.numbering import day_of, default_title, incident_number
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.secrecy.spread import spread
from app.dispatch.secrecy.withdraw import withdrawn
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import EventType, Incident
from app.filing.rules.numbers import marked
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
    drill_id: int | None = None  # of the drill it belongs to


async def open_by_hand(tx: Tx, by: Viewer, told: IncidentIn, now: datetime, zone: ZoneInfo) -> IncidentFact:
    """Open an incident from a telephone call or another source. Raises InvalidInput, NotPermitted."""
    require(by, "command")
    incident, learned = await open_incident(tx, by, draft_of(told, now), now, zone)
    return await tell(tx, by, incident, "incident.opened", now, also=learned)


def draft_of(told: IncidentIn, now: datetime) -> Draft:
    """Return the draft of what a person typed."""
    return Draft(
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
        drill_id=told.drill_id,
    )


async def open_incident(
    tx: Tx, by: Viewer, draft: Draft, now: datetime, zone: ZoneInfo
) -> tuple[Incident, list[Learned]]:
    """Write a new incident's row, its level not below what its figures call for.

    The caller tells the journal, with what is returned. Raises InvalidInput, NotPermitted.
    """
    event_type = await _known_event_type(tx, draft.event_scheme, draft.event_code)
    region = await known_region(tx, by, draft.region_code)
    day = day_of(now, zone)
    drill = draft.drill_id is not None
    running = await incidents.next_running_number(tx, by.stream, f"{day}:drill" if drill else day)
    place = await org.region_path(tx, draft.region_code)
    knowing = await parties.named(tx, draft.drill_id)
    incident = Incident(
        stream=by.stream,
        number=incident_number(day, running, drill=drill),
        title=marked(draft.title or default_title(place, event_type.name_zh), drill=drill),
        drill_id=draft.drill_id,
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
        casualties=Casualties().model_dump(mode="json"),
        occurred_at=draft.occurred_at,
        received_at=draft.received_at,
        opened_at=now,
        opened_by=by.name,
        alarm_ids=draft.alarm_ids,
        concern_regions=list(dict.fromkeys([draft.region_code, *draft.told_regions])),
        readers=[one.key for one in knowing],
        named_readers=[one.model_dump() for one in knowing],
    )
    tx.add(incident)
    await tx.flush()
    who = next((one.name for one in draft.callers if one.name), by.name)
    await take_over(tx, by, incident, draft.casualties, Origin(who, draft.source, draft.received_at, ""), now)
    return incident, regrade(incident, now)


async def amend(tx: Tx, by: Viewer, incident_id: int, patch: IncidentPatch, now: datetime) -> IncidentFact:
    """Change what is known. Raises StaleVersion, IllegalStep when closed, InvalidInput, NotFound."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.version != patch.version:
        raise StaleVersion
    if incident.state != "open":
        raise IllegalStep(incident.state, "amend")
    before, kind, level = concern_of(incident), incident.event_code, incident.initial_level
    learned = await _move(tx, by, incident, patch)
    for name, value in patch.model_dump(mode="python", exclude_unset=True, exclude=_TAKEN).items():
        if value is not None or name == "occurred_at":  # "we do not know after all" can be said of it
            setattr(incident, name, value)
    incident.title = marked(incident.title, drill=incident.drill_id is not None)
    if patch.casualties is not None:
        figures = {**incident.casualties, **patch.casualties.model_dump(exclude_unset=True)}
        origin = Origin(by.name, "desk", now, patch.reason)
        await take_over(tx, by, incident, Casualties.model_validate(figures), origin, now)
    if incident.initial_level > level:
        _lower(by, incident, patch.reason)
    learned += regrade(incident, now, new_kind=incident.event_code != kind)
    incident.version += 1
    after = concern_of(incident)
    if after != before:
        await tx.flush()
        await spread(tx, incident_id, after)
    return await tell(
        tx, by, incident, "incident.amended", now, withdrawn(incident_id, before, after), learned
    )


_TAKEN = {"version", "casualties", "reason"}  # of a patch: what is no plain field of the incident


def _lower(by: Viewer, incident: Incident, reason: str) -> None:
    if not reason:
        raise InvalidInput(reason_missing())
    held = GradingFact.model_validate(incident.grading)
    lowered = held.model_copy(update={"lowered_by": by.name, "lowered_reason": reason})
    incident.grading = lowered.model_dump(mode="json")


async def _move(tx: Tx, by: Viewer, incident: Incident, patch: IncidentPatch) -> list[Learned]:
    """Let the incident concern whom its new kind and place concern. Raises InvalidInput, NotPermitted."""
    learned = []
    kind = (patch.event_scheme or incident.event_scheme, patch.event_code or incident.event_code)
    if kind != (incident.event_scheme, incident.event_code):
        if not patch.reason:
            raise InvalidInput(FieldFault("reason", "更改事件类型须写明理由", "say why the type is changed"))
        old = await incidents.event_type(tx, incident.event_scheme, incident.event_code)
        new = await _known_event_type(tx, *kind)
        incident.restricted = new.restricted or incident.restricted_by_hand
        if not incident.restricted and incident.drill_id is None:
            incident.readers, incident.named_readers = [], []
        learned.append(_retyped(old, new, patch.reason))
    if patch.region_code is not None:
        place = await known_region(tx, by, patch.region_code)
        if patch.lon is None and await _stands_at_its_villages_centre(tx, incident):
            incident.lon, incident.lat = place.lon, place.lat
        if patch.region_code not in incident.concern_regions:
            incident.concern_regions = [*incident.concern_regions, patch.region_code]
    return learned


def _retyped(old: EventType | None, new: EventType, reason: str) -> Learned:
    was_zh, was_en = (old.name_zh, old.name_en) if old else ("", "")
    return Learned(
        "incident.retyped",
        f"类型{was_zh}→{new.name_zh}({new.code}):{reason}",
        f"type {was_en} → {new.name_en} ({new.code}): {reason}",
    )


async def _stands_at_its_villages_centre(tx: Tx, incident: Incident) -> bool:
    """Whether nobody has ever said more about the place than the village's name."""
    before = await org.region(tx, incident.region_code)
    return before is not None and (incident.lon, incident.lat) == (before.lon, before.lat)


async def close(tx: Tx, by: Viewer, incident_id: int, reason: str, now: datetime) -> IncidentFact:
    """Close the incident (结案).

    Raises TeamsStillOut, ChildrenStillOpen, CommandStillActive, IllegalStep, NotFound.
    """
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "close")
    if out := await assignments.active_of_incident(tx, incident_id):
        raise TeamsStillOut(out)
    await check_nothing_below(tx, by, incident)
    incident.state, incident.closed_at, incident.closed_by = "closed", now, by.name
    incident.close_reason = reason
    incident.version += 1
    return await tell(tx, by, incident, "incident.closed", now)


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


async def known_region(tx: Tx, by: Viewer, code: str) -> Region:
    """Return a place of this person's scope. Raises InvalidInput, NotPermitted."""
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
