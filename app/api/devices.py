"""The device register (设备台账) and the quarantine list of unknown numbers."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.shapes import UnknownDeviceOut
from app.api.workbooks import WORKBOOK, WORKBOOK_BODY, Apply, workbook
from app.commands import RowId
from app.devices.ledger import store as ledger
from app.devices.ledger.actions import devices as actions
from app.devices.ledger.actions import imports
from app.devices.ledger.commands import DeviceIn, DevicePatch, DismissIn
from app.devices.ledger.facts import DeviceDetail, DeviceOut, ImportOut
from app.devices.ledger.sheet import write_sheet
from app.devices.testing import store as tests
from app.org import store as org
from app.org.rules.access import Viewer
from app.refusals import NotFound, NotPermitted

router = APIRouter(prefix="/api/devices", tags=["devices"], route_class=DeskRoute)
LAST_TESTS = 20


def may_look(by: Viewer) -> None:
    """Raise NotPermitted unless the role reads the register."""
    if not (by.may("see_desk") or by.may("manage_devices")):
        raise NotPermitted


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse) -> list[DeviceOut]:
    """Return the devices of the scope: whose, where, when last heard, how their tests stand."""
    may_look(by)
    return await ledger.in_scope(tx, by.stream, by.scope, house.clock.now())


@router.get("/unknown")
async def unknown(by: By, tx: InTx) -> list[UnknownDeviceOut]:
    """Return the numbers that spoke to us and stand in no register (county-wide accounts only)."""
    may_look(by)
    if by.scope != by.stream:
        raise NotPermitted
    return [UnknownDeviceOut.model_validate(row) for row in await org.unknown_devices(tx)]


@router.get("/export.xlsx", response_class=Response, responses=WORKBOOK)
async def export(by: By, tx: InTx, house: InHouse) -> Response:
    """Return the devices of the scope as an Excel sheet, which can be changed and imported again."""
    may_look(by)
    devices = await ledger.in_scope(tx, by.stream, by.scope, house.clock.now())
    sheet = await asyncio.to_thread(write_sheet, devices, house.settings.zone)
    return workbook(sheet, "devices")


@router.post(
    "/import",
    openapi_extra=WORKBOOK_BODY,
)
async def import_sheet(
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    apply: Apply = False,  # noqa: FBT002
) -> ImportOut:
    """Take a sheet (the body, xlsx up to 2 MiB and 5,000 rows) into the register: all of it or nothing."""
    data = await request.body()
    return await imports.import_sheet(tx, by, data, house.clock.now(), apply=apply)


@router.post("/unknown/file", status_code=201)
async def file_unknown(told: DeviceIn, by: By, tx: InTx, house: InHouse) -> DeviceOut:
    """File a number of the quarantine list, or a card that was let in unregistered, as a known device."""
    return await actions.file_unknown(tx, by, told, house.clock.now())


@router.post("/unknown/dismiss", status_code=204)
async def dismiss_unknown(told: DismissIn, by: By, tx: InTx, house: InHouse) -> None:
    """Take a number off the quarantine list without filing it; should it speak again, it is back."""
    await actions.dismiss_unknown(tx, by, told, house.clock.now())


@router.post("", status_code=201)
async def register(told: DeviceIn, by: By, tx: InTx, house: InHouse) -> DeviceOut:
    """Enter a device; one number of one family is one device."""
    return await actions.register(tx, by, told, house.clock.now())


@router.get("/{device_id}")
async def one(device_id: RowId, by: By, tx: InTx, house: InHouse) -> DeviceDetail:
    """Return one device with its last twenty tests."""
    may_look(by)
    found = await ledger.fact(tx, by.stream, device_id, house.clock.now())
    if found is None or not by.covers(found.region_code):
        raise NotFound("该设备", "device")
    history = await tests.history(tx, by.stream, by.scope, device_id, LAST_TESTS)
    return DeviceDetail(**dict(found), tests=history)


@router.patch("/{device_id}")
async def amend(device_id: RowId, told: DevicePatch, by: By, tx: InTx, house: InHouse) -> DeviceOut:
    """Change the fields that are named: number, holder, team, place, on or off."""
    return await actions.amend(tx, by, device_id, told, house.clock.now())


@router.post("/{device_id}/unpin")
async def unpin(device_id: RowId, by: By, tx: InTx, house: InHouse) -> DeviceOut:
    """Let the next terminal that registers under this number be its own; the present one is cut off."""
    return await actions.unpin(tx, by, device_id, house.clock.now())
