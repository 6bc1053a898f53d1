"""Drones of the demo: one over MAVLink, one in a dock; each has a flight for an open incident."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.db import Database, Tx
from app.demo.places import COUNTY_CODE
from app.devices.drones.actions import plan
from app.devices.drones.commands import DroneMissionIn
from app.devices.ledger.actions.devices import register
from app.devices.ledger.commands import DeviceIn
from app.dispatch.store import incidents
from app.org.rules.access import Viewer
from app.stage.hands import hand_of

FILE = "drones.json"
SYSTEM, DOCK, AIRCRAFT = "11", "7CTDM4100DEMO1", "1581F6Q8D24DEMO1"


async def fly(database: Database, data: Path, now: datetime, zone: ZoneInfo) -> None:
    """Register them, plan their flights, and tell the simulator over which places they fly."""
    async with database.transaction() as tx:
        keeper, officer = await hand_of(tx, "devadmin"), await hand_of(tx, "chenjie")
        found = [seen.fact for seen in await incidents.by_state(tx, officer, "open")]
        scenes = [
            one for one in found if one.lon is not None and one.lat is not None and one.drill_id is None
        ]
        if not scenes:
            return
        first, second = scenes[0], scenes[-1]
        quad = await _drone(tx, keeper, "mavlink", SYSTEM, "侦察无人机", now)
        docked = await _drone(tx, keeper, "dji", AIRCRAFT, "机场无人机", now)
        dock = DeviceIn(
            family="dji", number=DOCK, kind="gateway", label="无人机机场", region_code=COUNTY_CODE
        )
        await register(tx, keeper, dock, now)
        for device, scene, purpose in (
            (quad, first, "俯瞰现场,搜寻被困人员"),
            (docked, second, "查看险情范围"),
        ):
            told = DroneMissionIn(
                device_id=device,
                incident_id=scene.id,
                purpose=purpose,
                pilot="李飞",
                observer="王观",
                airspace_kind="filed",
                airspace="应急空域报备 2025-0618",
            )
            await plan(tx, officer, told, now, zone)
    places = {SYSTEM: [first.lon, first.lat], AIRCRAFT: [second.lon, second.lat]}
    (data / FILE).write_text(json.dumps(places), "utf-8")


async def _drone(tx: Tx, by: Viewer, family: str, number: str, label: str, now: datetime) -> int:
    told = DeviceIn(family=family, number=number, label=label, region_code=COUNTY_CODE)
    return (await register(tx, by, told, now)).id
