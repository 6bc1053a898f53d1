"""Drones: how they stand, their flights, their live pictures."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter

from app.api.house import After, By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.devices.drones import actions, store
from app.devices.drones.commands import DroneLiveIn, DroneMissionIn, FlightTimeIn
from app.devices.drones.facts import DroneBoard, DroneLiveFact, DroneMissionFact
from app.devices.drones.settings import load_drone_limits
from app.org.rules.access import require

router = APIRouter(prefix="/api/drones", tags=["drones"], route_class=DeskRoute)


@router.get("")
async def board(by: By, tx: InTx, house: InHouse) -> DroneBoard:
    """Return the drones of the scope as they last told of themselves."""
    require(by, "see_desk")
    limits = load_drone_limits(house.settings.drone_rules)
    return DroneBoard(
        drones=await store.drones(tx, by, limits, house.clock.now()),
        docks=house.live is not None,
        stream_url=house.settings.drone_stream_url if by.may("command") else "",
    )


@router.get("/missions")
async def missions(by: By, tx: InTx, incident_id: RowId | None = None) -> list[DroneMissionFact]:
    """Return the flights of the scope, the latest first, or those of one incident."""
    require(by, "see_desk")
    return await store.missions(tx, by, incident_id)


@router.post("/missions", status_code=201)
async def plan(told: DroneMissionIn, by: By, tx: InTx, house: InHouse) -> DroneMissionFact:
    """Write a flight down: drone, purpose, crew, airspace."""
    return await actions.plan(tx, by, told, house.clock.now(), house.settings.zone)


@router.post("/missions/{mission_id}/launch")
async def launch(mission_id: RowId, told: FlightTimeIn, by: By, tx: InTx, house: InHouse) -> DroneMissionFact:
    """Note when the drone left the ground; told again, it is corrected."""
    return await actions.launch(tx, by, mission_id, told, house.clock.now())


@router.post("/missions/{mission_id}/landing")
async def land(mission_id: RowId, told: FlightTimeIn, by: By, tx: InTx, house: InHouse) -> DroneMissionFact:
    """Note when the drone came back; told again, it is corrected."""
    return await actions.land(tx, by, mission_id, told, house.clock.now())


@router.post("/{device_id}/live", status_code=202)
async def live(
    device_id: RowId, told: DroneLiveIn, by: By, tx: InTx, house: InHouse, after: After
) -> DroneLiveFact:
    """Ask the dock to start or stop the picture: what came of it is `drone_live.ended`."""
    now = house.clock.now()
    row = await actions.ask_live(tx, by, device_id, told, house.settings.drone_stream_url, house.live, now)
    assert row.id is not None and house.live is not None  # it was asked whether there is one
    after.append(partial(actions.carry_out, house.database, house.clock, house.live, row, by))
    return await store.live(tx, row.id, now)
