"""The catalogue of cameras (视频点), and which of them are near an incident."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.video import actions, looking, store
from app.dispatch.video.commands import CameraIn, CameraPositionIn, CameraPut, CameraRetireIn
from app.dispatch.video.facts import (
    CameraFact,
    CameraPage,
    CameraSeen,
    CamerasNear,
    CameraSourceFact,
    CameraViewFact,
)
from app.dispatch.video.media.server import told_of
from app.dispatch.video.rules.view import CameraKind
from app.org.rules.access import Viewer, require
from app.refusals import NotPermitted

router = APIRouter(prefix="/api", tags=["cameras"], route_class=DeskRoute)
Words = Annotated[str, Query(max_length=40)]
Prefix = Annotated[str, Query(pattern=r"^\d{0,12}$")]
Retired = Annotated[bool, Query(description="also what is out of use")]
WithinM = Annotated[int, Query(ge=100, le=50_000)]


def _require_reader(by: Viewer) -> None:
    if not (by.may("see_desk") or by.may("manage_devices")):
        raise NotPermitted


def _online(house: House, path: str) -> bool | None:
    return None if house.media is None else house.media.online(path)


@router.get("/cameras")
async def listed(
    by: By,
    tx: InTx,
    house: InHouse,
    text: Words = "",
    region: Prefix = "",
    kind: CameraKind | None = None,
    retired: Retired = False,  # noqa: FBT002
) -> CameraPage:
    """Return the cameras of the scope, retired ones last, with whether their picture is there now."""
    _require_reader(by)
    wanted = store.WantedCameras(by.stream, by.scope, kind or "", region, text.strip(), retired=retired)
    found = await store.listed(tx, wanted, actions.MOST_CAMERAS)
    seen = [CameraSeen(camera=one, online=_online(house, one.stream_path)) for one in found]
    return CameraPage(media=told_of(house.media), cameras=seen)


@router.post("/cameras", status_code=201)
async def enter(told: CameraIn, by: By, tx: InTx, house: InHouse) -> CameraFact:
    """Enter a camera; a login within its address is kept apart and never told again."""
    return await actions.register(tx, by, told, house.clock.now())


@router.get("/cameras/{camera_id}")
async def one(camera_id: RowId, by: By, tx: InTx) -> CameraFact:
    """Return one camera as it stands now."""
    _require_reader(by)
    return await looking.seen(tx, by, camera_id)


@router.put("/cameras/{camera_id}")
async def amend(camera_id: RowId, told: CameraPut, by: By, tx: InTx, house: InHouse) -> CameraFact:
    """Write a camera anew; 409 if somebody changed it since it was read."""
    return await actions.amend(tx, by, camera_id, told, house.clock.now())


@router.get("/cameras/{camera_id}/source")
async def source(camera_id: RowId, by: By, tx: InTx) -> CameraSourceFact:
    """Return where its picture comes from, without the login."""
    return await actions.source_shown(tx, by, camera_id)


@router.post("/cameras/{camera_id}/position")
async def move(camera_id: RowId, told: CameraPositionIn, by: By, tx: InTx, house: InHouse) -> CameraFact:
    """Say where a camera is now; what it sees is unsure until its view is measured there."""
    return await actions.move(tx, by, camera_id, told, house.clock.now())


@router.post("/cameras/{camera_id}/position/tracker")
async def move_to_tracker(
    camera_id: RowId, told: CameraRetireIn, by: By, tx: InTx, house: InHouse
) -> CameraFact:
    """Let a camera stand where its tracker or team is now, and follow it again."""
    return await actions.move_to_tracker(tx, by, camera_id, told.revision, house.clock.now())


@router.get("/cameras/{camera_id}/views")
async def views(camera_id: RowId, by: By, tx: InTx) -> list[CameraViewFact]:
    """Return where a camera stood and what it saw there before, the latest first."""
    _require_reader(by)
    return await looking.views(tx, by, camera_id)


@router.post("/cameras/{camera_id}/retire")
async def retire(camera_id: RowId, told: CameraRetireIn, by: By, tx: InTx, house: InHouse) -> CameraFact:
    """Take a camera out of use; it stays in the catalogue."""
    return await actions.retire(tx, by, camera_id, told.revision, house.clock.now())


@router.get("/incidents/{incident_id}/cameras")
async def near_incident(
    incident_id: RowId, by: By, tx: InTx, house: InHouse, within_m: WithinM = 5_000
) -> CamerasNear:
    """Return the cameras near an incident: online first, then those that see it, the nearest first."""
    require(by, "see_desk")
    return await looking.near_incident(
        tx, by, incident_id, within_m, lambda path: _online(house, path), told_of(house.media)
    )
