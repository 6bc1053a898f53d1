"""The life of a reservation (预派): made, moved, cancelled; at its time it becomes an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.actions.assign import AlreadyCommitted, assign
from app.dispatch.actions.permission import actor, incident_for_command
from app.dispatch.commands import AssignIn
from app.dispatch.reservation import store
from app.dispatch.reservation.facts import (
    MoveReservationIn,
    ReservationChanged,
    ReservationFact,
    ReserveIn,
)
from app.dispatch.reservation.tables import Reservation
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.secrecy import store as secrecy
from app.dispatch.settings import DispatchRules
from app.dispatch.store import incidents, teams
from app.duty.ownership.store import centre_owner_at
from app.journal import store as journal
from app.org.accounts import viewer_of
from app.org.rules.access import Viewer
from app.org.tables import Account
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal
from app.wire import Actor

AGAIN_AFTER = timedelta(minutes=1)
AHEAD_AT_MOST = timedelta(days=31)


class AlreadyReserved(Refusal):
    """The team is promised to this incident already."""

    code = "already_reserved"

    def __init__(self, team: str) -> None:
        super().__init__(
            f"{team}已预派到该事件,请改期或取消原预派",
            "this team is reserved for the incident already: move or cancel that",
        )


class ReservationOver(Refusal):
    """The reservation has become an order, lapsed or was cancelled."""

    code = "reservation_over"

    def __init__(self) -> None:
        super().__init__("该预派已结束,不能再更改", "this reservation is over and cannot be changed")


async def reserve(tx: Tx, by: Viewer, incident_id: int, told: ReserveIn, now: datetime) -> ReservationFact:
    """Promise a team to an incident.

    Raises AlreadyReserved, IllegalStep, InvalidInput, NotFound, NotPermitted.
    """
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "reserve")
    team = await teams.locked(tx, by.stream, told.team_id)
    if team is None:
        raise NotFound("该队伍", "team")
    if not by.covers(team.region_code):
        raise NotPermitted
    _check_ahead(told.starts_at, now)
    if await store.open_one(tx, incident_id, told.team_id):
        raise AlreadyReserved(team.name_zh)
    row = Reservation(
        stream=by.stream,
        incident_id=incident_id,
        team_id=told.team_id,
        starts_at=told.starts_at,
        look_at=told.starts_at,
        text=told.text,
        account_id=by.account_id,
        reserved_by=by.name,
        reserved_at=now,
    )
    tx.add(row)
    return await _tell(tx, row, "reservation.made", now, actor(by))


async def move(
    tx: Tx, by: Viewer, reservation_id: int, told: MoveReservationIn, now: datetime
) -> ReservationFact:
    """Set another instant. Raises ReservationOver, InvalidInput, NotFound, NotPermitted."""
    row = await _open(tx, by, reservation_id)
    _check_ahead(told.starts_at, now)
    row.state, row.starts_at, row.look_at, row.reason = (
        "reserved",
        told.starts_at,
        told.starts_at,
        told.reason,
    )
    return await _tell(tx, row, "reservation.moved", now, actor(by))


async def cancel(tx: Tx, by: Viewer, reservation_id: int, reason: str, now: datetime) -> ReservationFact:
    """Take the promise back. Raises ReservationOver, NotFound, NotPermitted."""
    row = await _open(tx, by, reservation_id)
    _end(row, "cancelled", by.name, now, reason)
    return await _tell(tx, row, "reservation.cancelled", now, actor(by))


async def commit_one(tx: Tx, now: datetime, rules: DispatchRules) -> bool:
    """Let one reservation whose time has come become an order; False if none is due.

    A team that is out is looked for again every minute; the desk is told once.
    """
    row = await store.due(tx, now)
    if row is None:
        return False
    incident = await incidents.locked(tx, row.stream, row.incident_id)
    account = await tx.get(Account, row.account_id)
    assert incident is not None and account is not None
    if incident.state != "open":
        _end(row, "lapsed", "", now, "事件已结案")
        await _tell(tx, row, "reservation.lapsed", now, None)
        return True
    order = AssignIn(team_id=row.team_id, text=row.text)
    by = await secrecy.recognised(tx, viewer_of(account), now)
    try:
        row.assignment_id = (await assign(tx, by, row.incident_id, order, now, rules)).id
    except (AlreadyCommitted, NotPermitted, NotFound) as refusal:
        row.look_at = now + AGAIN_AFTER
        reason = _told_to_all(refusal)
        if (row.state, row.reason) != ("blocked", reason):
            row.state, row.reason = "blocked", reason
            await _tell(tx, row, "reservation.blocked", now, None)
        return True
    _end(row, "committed", row.reserved_by, now, "")
    await _tell(tx, row, "reservation.committed", now, None)
    return True


def _told_to_all(refusal: Refusal) -> str:
    """Say why a team cannot go; others may read it, so a need-to-know incident is not named."""
    if isinstance(refusal, AlreadyCommitted) and refusal.held.restricted:
        return "该队伍正在执行其他任务"
    return refusal.zh


def _check_ahead(starts_at: datetime, now: datetime) -> None:
    if not now < starts_at <= now + AHEAD_AT_MOST:
        raise InvalidInput(
            FieldFault("starts_at", "时间须在今后 31 天之内", "an instant within the next 31 days")
        )


async def _open(tx: Tx, by: Viewer, reservation_id: int) -> Reservation:
    row = await store.locked(tx, by.stream, reservation_id)
    if row is None:
        raise NotFound("该预派", "reservation")
    await incident_for_command(tx, by, row.incident_id)
    if row.state not in ("reserved", "blocked"):
        raise ReservationOver
    return row


def _end(row: Reservation, state: str, by: str, now: datetime, reason: str) -> None:
    row.state, row.look_at, row.ended_at, row.ended_by, row.reason = state, None, now, by or None, reason


async def _tell(
    tx: Tx, row: Reservation, event_type: str, now: datetime, who: Actor | None
) -> ReservationFact:
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id)
    seen = await incidents.seen(tx, row.stream, row.incident_id)
    assert seen is not None
    owner = await centre_owner_at(tx, row.stream, now)
    event = ReservationChanged(type=event_type, reservation=fact, owner=owner)
    whom = seen.concern
    if not whom.readers:  # a promised team that was not sent yet need not know
        whom = replace(whom, team_ids=(*whom.team_ids, row.team_id))
    await journal.append(tx, row.stream, now, [journal.Entry(event, whom, row.incident_id)], who)
    return fact


async def listed(tx: Tx, by: Viewer, incident_id: int) -> list[ReservationFact]:
    """Return the reservations for an incident this person may command. Raises NotFound, NotPermitted."""
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not by.may("see_desk"):
        raise NotFound("该事件", "incident")
    if not (by.covers(seen.fact.region_code) and await secrecy.knows(tx, by, incident_id)):
        raise NotFound("该事件", "incident")
    return await store.of_incident(tx, incident_id)
