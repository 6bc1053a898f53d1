"""The device register, read-only for now, and the quarantine list of unknown numbers."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.shapes import DeviceOut, UnknownDeviceOut
from app.org.rules.access import Viewer
from app.refusals import NotPermitted

router = APIRouter(prefix="/api/devices", tags=["devices"], route_class=DeskRoute)
SILENT_AFTER_S = 600


def _may_look(by: Viewer) -> None:
    if not (by.may("see_desk") or by.may("manage_devices")):
        raise NotPermitted


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse) -> list[DeviceOut]:
    """Return the devices of the scope with when they were last heard."""
    _may_look(by)
    rows = await tx.execute(
        text(
            """
            SELECT d.id, d.family, d.number, d.label, d.team_id, p.name_zh AS holder_name, d.region_code,
                   d.last_heard_at,
                   CASE WHEN NOT d.active THEN 'off'
                        WHEN d.last_heard_at IS NULL THEN 'never_heard'
                        WHEN d.last_heard_at >= :now - make_interval(secs => :silent) THEN 'live'
                        ELSE 'silent' END AS state
              FROM device d LEFT JOIN person p ON p.id = d.holder_id
             WHERE d.stream = :stream AND d.region_code LIKE :scope || '%' ORDER BY d.family, d.number
            """
        ),
        {"now": house.clock.now(), "silent": SILENT_AFTER_S, "stream": by.stream, "scope": by.scope},
    )
    return [DeviceOut.model_validate(row) for row in rows]


@router.get("/unknown")
async def unknown(by: By, tx: InTx) -> list[UnknownDeviceOut]:
    """Return the numbers that spoke to us and stand in no register (county-wide accounts only)."""
    _may_look(by)
    if by.scope != by.stream:
        raise NotPermitted
    rows = await tx.execute(
        text(
            "SELECT family, number, first_heard_at, last_heard_at, count FROM unknown_device "
            "ORDER BY last_heard_at DESC LIMIT 500"
        )
    )
    return [UnknownDeviceOut.model_validate(row) for row in rows]
