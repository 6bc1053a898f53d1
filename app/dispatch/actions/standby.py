"""Standby of teams (备勤) and receipts of the field app."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.facts import DeliveryFact
from app.delivery.rules import ENDED, ChannelClosed
from app.dispatch.actions.permission import actor, require
from app.dispatch.events import TeamStandbyChanged
from app.dispatch.facts import TeamFact
from app.dispatch.store import teams
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer
from app.refusals import NotFound


async def set_standby(tx: Tx, by: Viewer, team_id: int, standby: bool, now: datetime) -> TeamFact:  # noqa: FBT001
    """Put a team on or off standby. Raises NotFound, NotPermitted."""
    require(by, "set_standby")
    team = await teams.locked(tx, by.stream, team_id)
    if team is None or not by.covers(team.region_code):
        raise NotFound("该队伍", "team")
    team.standby = standby
    team.standby_at = now
    await tx.flush()
    fact = await teams.fact(tx, team_id)
    entry = journal.Entry(
        TeamStandbyChanged(type="team.standby_changed", team=fact), Concern((team.region_code,), (team_id,))
    )
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


async def receipt(tx: Tx, by: Viewer, delivery_id: int, now: datetime) -> DeliveryFact:
    """Note that the field app has shown the message and rung; a second receipt changes nothing.

    Raises NotFound, ChannelClosed if the message was withdrawn meanwhile.
    """
    row = await deliveries.locked(tx, delivery_id)
    if row is None or row.channel != "app" or row.team_id not in by.team_ids or row.stream != by.stream:
        raise NotFound("该消息", "message")
    if row.state in ENDED and row.state != "delivered":
        raise ChannelClosed(row.state)
    await delivery.report(tx, row, delivery.Outcome("deliver"), now)
    return deliveries.fact(row)
