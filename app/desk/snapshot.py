"""The picture of the duty desk at one sequence number, and the law that events keep it true."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.events import DeliveryChanged
from app.delivery.facts import DeliveryFact
from app.desk.events import Event
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.events import (
    AlarmChanged,
    AlarmConfirmed,
    AssignmentChanged,
    AssignmentDispatched,
    IncidentChanged,
    IncidentLearned,
    IncidentWithdrawn,
    TeamStandbyChanged,
)
from app.dispatch.facts import AlarmFact, IncidentFact, TeamFact
from app.dispatch.forces.events import TeamRegisterChanged
from app.dispatch.outside_help.events import OutsideTeamChanged
from app.dispatch.recommendation.events import TeamStationed
from app.dispatch.store import alarms, assignments, incidents, teams
from app.journal import store as journal
from app.org.events import TeamLeaderChanged
from app.org.rules.access import Concern, Viewer, may_see
from app.tracking import store as tracking
from app.tracking.facts import PositionFact
from app.wire import Fact


class Picture(Fact):
    """What one person sees: open alarms, open incidents with all that belongs to them, teams."""

    alarms: list[AlarmFact]
    incidents: list[IncidentFact]
    assignments: list[AssignmentFact]
    deliveries: list[DeliveryFact]
    teams: list[TeamFact]


async def take(tx: Tx, viewer: Viewer) -> tuple[int, Picture, list[PositionFact]]:
    """Return (seq, picture, positions) as this person may see them.

    `tx` must be a snapshot transaction, so that the picture is true at exactly that `seq`.
    """
    seq = await journal.head(tx, viewer.stream)
    open_incidents = await incidents.by_state(tx, viewer, "open")
    ids = [seen.fact.id for seen in open_incidents]
    picture = Picture(
        alarms=[
            alarm
            for alarm, concern in await alarms.unsettled(tx, viewer.stream)
            if may_see(viewer, concern)
            and (alarm.incident_id is None or alarm.incident_id in ids or alarm.kind == "caller_silent")
        ],
        incidents=sorted((seen.fact for seen in open_incidents), key=lambda i: i.id),
        assignments=await assignments.of_incidents(tx, ids),
        deliveries=[deliveries.fact(row) for row in await deliveries.of_incidents(tx, ids)],
        teams=[
            team
            for team in await teams.facts(tx, viewer.stream)
            if may_see(viewer, Concern((team.region_code,), (team.id,)))
        ],
    )
    positions = [
        position
        for position in await tracking.latest(tx, viewer.stream)
        if may_see(viewer, concern_of_position(position))
    ]
    return seq, picture, positions


def concern_of_position(position: PositionFact) -> Concern:
    """Return whom a position concerns: its region and its team."""
    return Concern((position.region_code,), (position.team_id,) if position.team_id is not None else ())


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


N = TypeVar("N", bound=_Numbered)


def _upsert(rows: Iterable[N], new: Iterable[N]) -> list[N]:
    merged = {row.id: row for row in rows}
    merged.update((row.id, row) for row in new)
    return sorted(merged.values(), key=lambda row: row.id)


def apply(picture: Picture, event: Event) -> Picture:
    """Return the picture after the event: the law of events says it equals a new snapshot.

    The console's reducer (`web/model/live.ts`) does the same, in the same order.
    """
    match event:
        case AlarmChanged():
            return _with_alarm(picture, event.alarm)
        case AlarmConfirmed():
            return _with_incident(_with_alarm(picture, event.alarm), event.incident)
        case IncidentChanged() | IncidentLearned() | AssignmentDispatched():
            # All of the incident rides along: what is not among it went to another incident.
            bare = _without_incident(picture, event.incident.id)
            return _with_incident(_with_rows(bare, event.assignments, event.deliveries), event.incident)
        case AssignmentChanged():
            # A team may come home when its incident is closed already: that brings nothing back.
            open_ = any(i.id == event.assignment.incident_id for i in picture.incidents)
            return _with_rows(picture, [event.assignment], event.deliveries) if open_ else picture
        case IncidentWithdrawn():
            return _without_incident(picture, event.incident_id)
        case DeliveryChanged():
            # Feedback may come when the incident is closed already: it brings nothing back.
            known = any(a.id == event.delivery.assignment_id for a in picture.assignments)
            return _with_rows(picture, [], [event.delivery]) if known else picture
        case (
            TeamStandbyChanged()
            | TeamStationed()
            | TeamLeaderChanged()
            | TeamRegisterChanged()
            | OutsideTeamChanged()
        ):
            return picture.model_copy(update={"teams": _teams_after(picture.teams, event)})
        case _:  # texts and logins go to the log, not into the picture
            return picture


def _teams_after(
    known: list[TeamFact],
    event: TeamStandbyChanged | TeamStationed | TeamLeaderChanged | TeamRegisterChanged | OutsideTeamChanged,
) -> list[TeamFact]:
    if isinstance(event, TeamRegisterChanged | OutsideTeamChanged) and event.team is None:
        return [team for team in known if team.id != event.team_id]
    if not isinstance(event, TeamLeaderChanged):
        return _upsert(known, [] if event.team is None else [event.team])
    led = {"leader_name": event.leader_name, "leader_phone": event.leader_phone}
    return [team.model_copy(update=led) if team.id == event.team_id else team for team in known]


def _with_alarm(picture: Picture, alarm: AlarmFact) -> Picture:
    rows = _upsert(picture.alarms, [alarm])
    unsettled = [a for a in rows if a.state in ("open", "acknowledged")]
    return picture.model_copy(update={"alarms": unsettled})


def _with_incident(picture: Picture, incident: IncidentFact) -> Picture:
    if incident.state == "open":
        return picture.model_copy(update={"incidents": _upsert(picture.incidents, [incident])})
    return _without_incident(picture, incident.id)


def _without_incident(picture: Picture, incident_id: int) -> Picture:
    gone = {a.id for a in picture.assignments if a.incident_id == incident_id}
    return picture.model_copy(
        update={
            "incidents": [i for i in picture.incidents if i.id != incident_id],
            "assignments": [a for a in picture.assignments if a.id not in gone],
            "deliveries": [d for d in picture.deliveries if d.assignment_id not in gone],
        }
    )


def _with_rows(picture: Picture, changed: list[AssignmentFact], messages: list[DeliveryFact]) -> Picture:
    return picture.model_copy(
        update={
            "assignments": _upsert(picture.assignments, changed),
            "deliveries": _upsert(picture.deliveries, messages),
        }
    )
