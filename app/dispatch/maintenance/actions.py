"""Take a channel or a team out of the ladder, and back: leaving it, the first rung is taken (field.md E4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.actions import move
from app.dispatch.actions.escalate import tell_ladder
from app.dispatch.actions.permission import actor, require
from app.dispatch.actions.rungs import begin, hold
from app.dispatch.ladder.holds import MAINTENANCE
from app.dispatch.maintenance import store
from app.dispatch.maintenance.facts import MaintenanceChanged, MaintenanceFact, MaintenanceIn
from app.dispatch.maintenance.tables import ContactMaintenance
from app.dispatch.settings import DispatchRules
from app.dispatch.store import incidents, teams
from app.dispatch.tables import Assignment
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer
from app.org.tables import Team
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal

LONGEST = timedelta(hours=72)


class InMaintenance(Refusal):
    """It is in maintenance already."""

    code = "in_maintenance"

    def __init__(self, row: ContactMaintenance) -> None:
        until = row.until.isoformat(timespec="minutes")
        super().__init__(
            f"{row.begun_by}已设为检修({row.reason}),请先结束再重设",
            f"{row.begun_by} put it into maintenance until {until}: end that first",
        )


async def begin_maintenance(tx: Tx, by: Viewer, told: MaintenanceIn, now: datetime) -> MaintenanceFact:
    """Send nothing and escalate nothing through a channel or a team until an instant.

    Messages that wait there are cancelled. Raises InMaintenance, InvalidInput, NotFound, NotPermitted.
    """
    require(by, "command")
    await _check_scope(tx, by, told.channel, told.team_id)
    if not now < told.until <= now + LONGEST:
        raise InvalidInput(
            FieldFault("until", "检修须有结束时间,最长 72 小时", "maintenance ends within 72 hours")
        )
    if standing := await store.standing_of(tx, by.stream, told.channel, told.team_id):
        raise InMaintenance(standing)
    row = ContactMaintenance(stream=by.stream, **told.model_dump(), begun_by=by.name, begun_at=now)
    tx.add(row)
    await tx.flush()
    for assignment in await store.unanswered(tx, by.stream, told.team_id):
        await _stop_sending(tx, by, assignment, told, now)
    return await _tell(tx, by, row, "maintenance.begun", now)


async def end_maintenance(
    tx: Tx, by: Viewer, maintenance_id: int, now: datetime, rules: DispatchRules
) -> MaintenanceFact:
    """Let a channel or a team be asked again. A second end changes nothing. Raises NotFound, NotPermitted."""
    require(by, "command")
    row = await store.locked(tx, by.stream, maintenance_id)
    if row is None:
        raise NotFound("该检修", "maintenance")
    await _check_scope(tx, by, row.channel, row.team_id)
    if row.ended_at is not None:
        return await store.fact(tx, maintenance_id)
    row.ended_by = by.name
    return await _end(tx, by, row, now, rules)


async def end_one(tx: Tx, now: datetime, rules: DispatchRules) -> bool:
    """End one maintenance whose time is over; False if there is none."""
    row = await store.over(tx, now)
    if row is None:
        return False
    await _end(tx, None, row, now, rules)
    return True


async def standing(tx: Tx, by: Viewer) -> list[MaintenanceFact]:
    """Return what is in maintenance now. Raises NotPermitted."""
    require(by, "command")
    return await store.standing(tx, by.stream, by.scope)


async def _end(
    tx: Tx, by: Viewer | None, row: ContactMaintenance, now: datetime, rules: DispatchRules
) -> MaintenanceFact:
    row.ended_at = now
    await tx.flush()
    for assignment in await store.unanswered(tx, row.stream, row.team_id):
        if row.team_id is not None or assignment.escalation_began_at >= row.begun_at:
            await _anew(tx, assignment, now, rules)
    return await _tell(tx, by, row, "maintenance.ended", now)


async def _stop_sending(
    tx: Tx, by: Viewer, assignment: Assignment, told: MaintenanceIn, now: datetime
) -> None:
    """Cancel what waits there: a team's ladder waits from now on, another channel is tried at once."""
    waiting = [
        row
        for row in await deliveries.unended_of_assignment(tx, assignment.id or 0)
        if row.state == "queued" and told.channel in (None, row.channel)
    ]
    for row in waiting:
        move(row, "cancel", now, "maintenance")
    if told.team_id is not None:
        hold(assignment, MAINTENANCE)
    elif waiting and assignment.next_step_at is not None:
        assignment.next_step_at = now
    if waiting or told.team_id is not None:
        await tell_ladder(tx, assignment, now, "assignment.escalation_held", actor(by), told.reason)


async def _anew(tx: Tx, assignment: Assignment, now: datetime, rules: DispatchRules) -> None:
    incident = await incidents.locked(tx, assignment.stream, assignment.incident_id)
    team = await tx.get(Team, assignment.team_id)
    assert incident is not None and team is not None
    await begin(tx, incident, team, assignment, now, rules.ladder)
    await tell_ladder(tx, assignment, now, "assignment.escalated", note="检修结束,从第一级起重新通知")


async def _check_scope(tx: Tx, by: Viewer, channel: str | None, team_id: int | None) -> None:
    """Check that a channel is set by the county, a team by whom it belongs to."""
    if channel is not None:
        if by.scope != by.stream:
            raise NotPermitted
        return
    assert team_id is not None
    team = await teams.locked(tx, by.stream, team_id)
    if team is None or not by.covers(team.region_code):
        raise NotFound("该队伍", "team")


async def _tell(
    tx: Tx,
    by: Viewer | None,
    row: ContactMaintenance,
    what: Literal["maintenance.begun", "maintenance.ended"],
    now: datetime,
) -> MaintenanceFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id)
    concern = Concern((f"{row.stream}000000",))
    if row.team_id is not None:
        team = await teams.fact(tx, row.team_id)
        concern = Concern((team.region_code,), (row.team_id,))
    entry = journal.Entry(MaintenanceChanged(type=what, maintenance=fact), concern)
    await journal.append(tx, row.stream, now, [entry], actor(by) if by else None)
    return fact
