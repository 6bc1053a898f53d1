"""Planned incidents (计划事件), and opening again what was closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.actions.incidents import draft_of, open_incident
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned, told_of
from app.dispatch.facts import IncidentFact
from app.dispatch.lifecycle import store
from app.dispatch.lifecycle.commands import PlannedIncidentIn, RescheduleIn
from app.dispatch.lifecycle.refusals import MergedAway
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.settings import DispatchRules
from app.dispatch.store import incidents
from app.journal import store as journal
from app.org.accounts import viewer_of
from app.org.rules.access import Viewer, require
from app.org.tables import Account
from app.refusals import FieldFault, InvalidInput

AHEAD_AT_MOST = timedelta(days=366)


async def plan(tx: Tx, by: Viewer, told: PlannedIncidentIn, now: datetime, zone: ZoneInfo) -> IncidentFact:
    """Enter an incident that begins at a known instant. Raises InvalidInput, NotPermitted."""
    require(by, "command")
    _check_ahead(told.scheduled_for, now)
    incident, _ = await open_incident(tx, by, draft_of(told, now), now, zone)
    incident.state, incident.scheduled_for = "scheduled", told.scheduled_for
    incident.scheduled_by_id = by.account_id
    return await tell_learned(tx, by, incident, [_from("incident.scheduled", told.scheduled_for, zone)], now)


async def reschedule(
    tx: Tx, by: Viewer, incident_id: int, told: RescheduleIn, now: datetime, zone: ZoneInfo
) -> IncidentFact:
    """Set another instant. Raises IllegalStep unless planned, InvalidInput, NotFound, NotPermitted."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "scheduled":
        raise IllegalStep(incident.state, "reschedule")
    _check_ahead(told.scheduled_for, now)
    incident.scheduled_for = told.scheduled_for
    incident.version += 1
    learned = _from("incident.rescheduled", told.scheduled_for, zone, told.reason)
    return await tell_learned(tx, by, incident, [learned], now)


async def call_off(tx: Tx, by: Viewer, incident_id: int, reason: str, now: datetime) -> IncidentFact:
    """Close what will not take place. Raises IllegalStep unless planned, NotFound, NotPermitted."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "scheduled":
        raise IllegalStep(incident.state, "call_off")
    incident.state, incident.closed_at, incident.closed_by = "closed", now, by.name
    incident.close_reason = reason
    incident.version += 1
    return await tell_learned(tx, by, incident, [Learned("incident.called_off", reason, reason)], now)


async def begin_one(tx: Tx, now: datetime, _: DispatchRules) -> bool:
    """Open one planned incident whose time has come; False if none is due.

    It counts as received at the instant it was planned for: nobody was slow before.
    """
    incident = await store.due(tx, now)
    if incident is None:
        return False
    assert incident.scheduled_for is not None and incident.scheduled_by_id is not None
    account = await tx.get(Account, incident.scheduled_by_id)
    assert account is not None
    incident.state, incident.opened_at = "open", now
    incident.received_at = incident.scheduled_for
    incident.version += 1
    learned = Learned("incident.begun", incident.title, incident.title)
    entries = (await told_of(tx, viewer_of(account), incident, [learned], now))[1]
    await journal.append(tx, incident.stream, now, entries)
    return True


async def reopen(tx: Tx, by: Viewer, incident_id: int, reason: str, now: datetime) -> IncidentFact:
    """Open a closed incident again, by a leader or the shift lead; how it was closed stays in the journal.

    Raises MergedAway for one that was merged, IllegalStep unless closed, NotFound, NotPermitted.
    """
    require(by, "reopen")
    incident = await incident_for_command(tx, by, incident_id)
    if incident.merged_into_id is not None:
        into = await incidents.row(tx, by.stream, incident.merged_into_id)
        assert into is not None
        raise MergedAway(into.number)
    if incident.state != "closed":
        raise IllegalStep(incident.state, "reopen")
    was = f"{incident.closed_by}:{incident.close_reason}"
    incident.state, incident.closed_at, incident.closed_by = "open", None, None
    incident.close_reason = None
    incident.version += 1
    learned = Learned("incident.reopened", f"{reason}(原结案 {was})", f"{reason} (it was closed by {was})")
    return await tell_learned(tx, by, incident, [learned], now)


def _check_ahead(at: datetime, now: datetime) -> None:
    if not now < at <= now + AHEAD_AT_MOST:
        raise InvalidInput(
            FieldFault("scheduled_for", "时间须在今后 366 天之内", "an instant within the next 366 days")
        )


def _from(event_type: str, at: datetime, zone: ZoneInfo, reason: str = "") -> Learned:
    local = at.astimezone(zone)
    zh, en = f"{local:%Y年%m月%d日 %H:%M}开始", f"from {local:%Y-%m-%d %H:%M}"
    return Learned(event_type, f"{zh}:{reason}" if reason else zh, f"{en}: {reason}" if reason else en)
