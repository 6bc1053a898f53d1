"""The part of the evening that brings every event of ladders, acknowledgements, safety and reservations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.dispatch.actions import answer, climb, incidents, undo, watch
from app.dispatch.actions.assign import assign
from app.dispatch.commands import AssignIn, StepIn
from app.dispatch.escalator import Escalator
from app.dispatch.maintenance import actions as maintenance
from app.dispatch.maintenance.facts import MaintenanceIn
from app.dispatch.reservation import actions as reservation
from app.dispatch.reservation.facts import MoveReservationIn, ReserveIn
from tests.world import LAKE, LIMITS, RIVER, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def assignment_evening(world: World, do: Do, check: Callable[[str], Awaitable[None]]) -> None:
    """Send a team under a brigade's terms, let everything happen to it that can, and reserve another."""
    by, crew = world.people["officer"], world.people["crew"]
    brigades = replace(LIMITS, kinds={"default": LIMITS.kinds["fire_rescue"]})

    async def later(minutes: float) -> None:
        world.later(minutes=minutes)
        await Escalator(world.database, world.clock, LIMITS).look()
        await check(f"{minutes} minutes later")

    async def step(id_: int, name: str, **told: Any) -> None:
        said = StepIn(step=name, **{"channel": "radio", "reason": "原因", **told})
        await do(lambda tx: answer.step(tx, by, id_, said, world.clock.now()))

    incident = await world.incident()
    order = AssignIn(team_id=RIVER, acks_required=2)
    sent = await do(lambda tx: assign(tx, by, incident.id, order, world.clock.now(), brigades))
    await do(lambda tx: climb.stop(tx, by, sent.id, "已联系上", world.clock.now()))
    await step(sent.id, "acknowledge")
    await later(3)
    await do(lambda tx: answer.step(tx, crew, sent.id, StepIn(step="acknowledge"), world.clock.now()))
    await later(3)
    await do(lambda tx: watch.keep(tx, crew, sent.id, "app", world.clock.now()))
    await later(5)
    await later(5)
    await step(sent.id, "arrive")
    await do(lambda tx: undo.undo(tx, by, sent.id, "点错", world.clock.now(), LIMITS))
    await step(sent.id, "arrive")
    for minutes in (15, 5, 5):
        await later(minutes)
    await do(lambda tx: watch.confirm_safe(tx, crew, sent.id, "app", world.clock.now()))
    await step(sent.id, "finish")
    await step(sent.id, "return")

    told = MaintenanceIn(team_id=RIVER, until=world.clock.now() + timedelta(hours=1), reason="换电台")
    off = await do(lambda tx: maintenance.begin_maintenance(tx, by, told, world.clock.now()))
    waits = await do(lambda tx: assign(tx, by, incident.id, order, world.clock.now(), LIMITS))
    await do(lambda tx: maintenance.end_maintenance(tx, by, off.id, world.clock.now(), LIMITS))
    channel = MaintenanceIn(channel="beidou", until=world.clock.now() + timedelta(minutes=4), reason="换卡")
    await do(lambda tx: maintenance.begin_maintenance(tx, by, channel, world.clock.now()))
    again = MaintenanceIn(team_id=RIVER, until=world.clock.now() + timedelta(hours=1), reason="换电台")
    off = await do(lambda tx: maintenance.begin_maintenance(tx, by, again, world.clock.now()))
    await later(5)
    await step(waits.id, "cancel")
    await do(lambda tx: maintenance.end_maintenance(tx, by, off.id, world.clock.now(), LIMITS))

    async def reserve(team: int, hours: float) -> int:
        told = ReserveIn(team_id=team, starts_at=world.clock.now() + timedelta(hours=hours))
        made = await do(lambda tx: reservation.reserve(tx, by, incident.id, told, world.clock.now()))
        return int(made.id)

    first = await reserve(RIVER, 1)
    moved = MoveReservationIn(starts_at=world.clock.now() + timedelta(hours=2), reason="推迟")
    await do(lambda tx: reservation.move(tx, by, first, moved, world.clock.now()))
    await do(lambda tx: reservation.cancel(tx, by, first, "不需要了", world.clock.now()))
    await reserve(LAKE, 0.1)
    await later(7)  # … free: it becomes an order
    elsewhere = await world.incident()
    for_later = ReserveIn(team_id=LAKE, starts_at=world.clock.now() + timedelta(minutes=2))
    await do(lambda tx: reservation.reserve(tx, by, elsewhere.id, for_later, world.clock.now()))
    await later(2)  # … out: the desk is told
    await do(lambda tx: incidents.close(tx, by, elsewhere.id, "已处置", world.clock.now()))
    await later(1)  # … lapsed
