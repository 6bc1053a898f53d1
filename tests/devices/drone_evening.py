"""Everything that can happen to a flight and to a live picture, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text

from app.db import Tx
from app.devices.drones import actions
from app.devices.drones.commands import DroneLiveIn, DroneMissionIn, FlightTimeIn
from app.devices.drones.live import Answer
from app.devices.drones.tables import DroneLive
from tests.world import EAST, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
DRONE = "1581F5BKD225D00BP891"


async def a_drone(tx: Tx, number: str = DRONE, *, region: str = EAST, family: str = "dji") -> int:
    """Put a drone with a dock and a camera into the register; return its id."""
    found = await tx.scalar(
        text(
            "INSERT INTO device (stream, family, kind, number, label, region_code, active, facts) "
            "VALUES (:stream, :family, 'uav', :number, '侦察一号', :region, true, "
            """'{"gateway": "DOCK1", "camera": "81-0-0", "landed": "on_ground"}') RETURNING id"""
        ),
        {"stream": STREAM, "family": family, "number": number, "region": region},
    )
    assert found is not None
    return int(found)


class _NoDock:
    """A dock that does not answer."""

    async def ask(self, *_: object) -> Answer:
        return Answer("no_answer")


async def drone_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of drones."""
    by, now = world.people["officer"], world.clock.now()
    device = await world.do(a_drone)
    told = DroneMissionIn(
        device_id=device, purpose="查看堤防", pilot="李飞", airspace_kind="filed", airspace="空域批20250618"
    )
    flight = await do(lambda tx: actions.plan(tx, by, told, now, ZONE))
    await do(lambda tx: actions.launch(tx, by, flight.id, FlightTimeIn(battery_pct=97), now))
    await do(lambda tx: actions.land(tx, by, flight.id, FlightTimeIn(battery_pct=41), now))
    ask = DroneLiveIn(action="start", url="rtmp://127.0.0.1/live/1")

    async def asked(tx: Tx) -> DroneLive:
        return await actions.ask_live(tx, by, device, ask, "", _NoDock(), now)

    row = await world.do(asked)
    await do(lambda tx: actions.end_live(tx, row.id or 0, Answer("no_answer"), by, now))
