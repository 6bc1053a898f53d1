"""The device register, read-only for now, and the quarantine list of unknown numbers."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.shapes import DeviceOut, UnknownDeviceOut
from app.org import store as org
from app.org.rules.access import Viewer
from app.refusals import NotPermitted

router = APIRouter(prefix="/api/devices", tags=["devices"], route_class=DeskRoute)
SILENT_AFTER = timedelta(minutes=10)


def _may_look(by: Viewer) -> None:
    if not (by.may("see_desk") or by.may("manage_devices")):
        raise NotPermitted


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse) -> list[DeviceOut]:
    """Return the devices of the scope with when they were last heard."""
    _may_look(by)
    rows = await org.devices_of(tx, by.stream, by.scope, house.clock.now() - SILENT_AFTER)
    return [DeviceOut.model_validate(row) for row in rows]


@router.get("/unknown")
async def unknown(by: By, tx: InTx) -> list[UnknownDeviceOut]:
    """Return the numbers that spoke to us and stand in no register (county-wide accounts only)."""
    _may_look(by)
    if by.scope != by.stream:
        raise NotPermitted
    return [UnknownDeviceOut.model_validate(row) for row in await org.unknown_devices(tx)]
