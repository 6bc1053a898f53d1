"""Cameras: enter, amend, move, retire; which are near an incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.forces.refusals import StaleForm
from app.dispatch.video import store
from app.dispatch.video.commands import CameraIn, CameraPositionIn, CameraPut
from app.dispatch.video.events import CameraChanged
from app.dispatch.video.facts import (
    CameraFact,
    CameraSourceFact,
)
from app.dispatch.video.refusals import NoTracker, StreamPathTaken, TooManyCameras
from app.dispatch.video.rules.source import Source, same_machine
from app.dispatch.video.rules.view import View, has_moved
from app.dispatch.video.tables import Camera, CameraView
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store import places, units
from app.refusals import FieldFault, InvalidInput, NotFound

MOST_CAMERAS = 5_000

_SOURCE = ("source_url", "source_user", "source_password")
_NOT_COLUMNS = {*_SOURCE, "revision", "view_measured", "forget_login"}


async def register(tx: Tx, by: Viewer, told: CameraIn, now: datetime) -> CameraFact:
    """Enter a camera. Raises InvalidInput, NotPermitted, StreamPathTaken, TooManyCameras."""
    require(by, "manage_devices")
    await store.serialise(tx, by.stream)
    if await store.count(tx, by.stream) >= MOST_CAMERAS:
        raise TooManyCameras(MOST_CAMERAS)
    await _require_possible(tx, by, told.region_code, told.unit_id)
    await _require_followed(tx, by, told)
    await _require_unborne(tx, by, told.stream_path, None)
    values = told.model_dump(exclude=_NOT_COLUMNS)
    row = Camera(stream=by.stream, changed_at=now, **values)
    _point_to(row, told.source())
    tx.add(row)
    return await _tell(tx, by, row, "camera.registered", now, sorted(values))


async def amend(tx: Tx, by: Viewer, camera_id: int, told: CameraPut, now: datetime) -> CameraFact:
    """Write a camera anew; one that stands elsewhere now counts as moved until its view is measured there.

    Raises InvalidInput, NotFound, NotPermitted, StaleForm, StreamPathTaken.
    """
    require(by, "manage_devices")
    await store.serialise(tx, by.stream)
    row = await _camera_for(tx, by, camera_id)
    _require_fresh(row, told.revision)
    values = told.model_dump(exclude=_NOT_COLUMNS)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    source = _source_after(row, told)
    if source != _source_of(row):
        changed.append("source")  # that it changed is told, never to what
    if not row.active:
        changed.append("active")
    moved_at = _moved_at(row, told, now)
    if not changed and moved_at == row.moved_at:
        return await _fact(tx, by, camera_id)
    if {"region_code", "unit_id"} & set(changed):
        await _require_possible(tx, by, told.region_code, told.unit_id)
    if {"tracker_id", "team_id"} & set(changed):
        await _require_followed(tx, by, told)
    await _require_unborne(tx, by, told.stream_path, camera_id)
    before = row.region_code
    if {"lon", "lat", "bearing_deg", "angle_deg", "range_m"} & set(changed):
        _keep_view(tx, by, row, now)
    for name, value in values.items():
        setattr(row, name, value)
    _point_to(row, source)
    row.moved_at, row.active = moved_at, True
    return await _tell(tx, by, row, "camera.amended", now, changed, regions=(before,))


async def move(tx: Tx, by: Viewer, camera_id: int, told: CameraPositionIn, now: datetime) -> CameraFact:
    """Say where a camera is now; its view is unsure then. Raises NotFound, NotPermitted, StaleForm."""
    require(by, "command")
    row = await _camera_for(tx, by, camera_id)
    if not row.active:
        raise NotFound("该摄像头", "camera")
    _require_fresh(row, told.revision)
    if (
        row.tracker_id is not None
        or row.team_id is not None
        or has_moved(_view(row), View(told.lon, told.lat))
    ):
        row.moved_at = now  # of one that follows: later than what its tracker last told
    _keep_view(tx, by, row, now)
    row.lon, row.lat = told.lon, told.lat
    return await _tell(tx, by, row, "camera.moved", now, ["lat", "lon"])


async def move_to_tracker(tx: Tx, by: Viewer, camera_id: int, revision: int, now: datetime) -> CameraFact:
    """Let a camera stand where its tracker, or its team, is now, and follow it again.

    Raises NotFound, NotPermitted, NoTracker, StaleForm.
    """
    require(by, "command")
    row = await _camera_for(tx, by, camera_id)
    _require_fresh(row, revision)
    if not row.active or (row.tracker_id is None and row.team_id is None):
        raise NoTracker
    last, row.moved_at = row.moved_at, None
    await tx.flush()
    there = await _fact(tx, by, camera_id)
    if there.tracked_at is None:
        row.moved_at = last
        raise NoTracker
    _keep_view(tx, by, row, now)
    row.lon, row.lat = there.lon, there.lat
    return await _tell(tx, by, row, "camera.moved", now, ["lat", "lon"])


async def retire(tx: Tx, by: Viewer, camera_id: int, revision: int, now: datetime) -> CameraFact:
    """Take a camera out of use; it stays in the catalogue. Raises NotFound, NotPermitted, StaleForm."""
    require(by, "manage_devices")
    row = await _camera_for(tx, by, camera_id)
    if not row.active:
        return await _fact(tx, by, camera_id)
    _require_fresh(row, revision)
    row.active = False
    return await _tell(tx, by, row, "camera.retired", now, ["active"])


async def source_shown(tx: Tx, by: Viewer, camera_id: int) -> CameraSourceFact:
    """Return where a picture comes from, without the login. Raises NotFound, NotPermitted."""
    require(by, "manage_devices")
    found = await store.source(tx, by.stream, by.scope, camera_id)
    if found is None:
        raise NotFound("该摄像头", "camera")
    return found[1]


def _keep_view(tx: Tx, by: Viewer, row: Camera, now: datetime) -> None:
    view = _view(row)
    tx.add(
        CameraView(
            camera_id=row.id or 0,
            lon=view.lon,
            lat=view.lat,
            bearing_deg=view.bearing_deg,
            angle_deg=view.angle_deg,
            range_m=view.range_m,
            until=now,
            ended_by=by.name,
        )
    )


async def _require_followed(tx: Tx, by: Viewer, told: CameraIn) -> None:
    if not await store.may_follow(tx, by.stream, by.scope, told.tracker_id, told.team_id):
        field = "tracker_id" if told.tracker_id is not None else "team_id"
        raise InvalidInput(
            FieldFault(
                field,
                "没有这个定位终端或队伍,请从列表中选择",
                "no such tracker or team: pick one of the list",
            )
        )


def _view(row: Camera) -> View:
    return View(row.lon, row.lat, row.bearing_deg, row.angle_deg, row.range_m)


def _moved_at(row: Camera, told: CameraPut, now: datetime) -> datetime | None:
    if told.view_measured:
        return None
    return now if has_moved(_view(row), View(told.lon, told.lat)) else row.moved_at


def _source_of(row: Camera) -> Source | None:
    return Source(row.source_url, row.source_user, row.source_password) if row.source_url else None


def _source_after(row: Camera, told: CameraPut) -> Source | None:
    """Return the address with its login: a kept one goes to the machine it was told for and nowhere else."""
    source = told.source()
    if source is None or source.user or source.password or told.forget_login:
        return source
    if same_machine(source.url, row.source_url):
        return Source(source.url, row.source_user, row.source_password)
    return source


def _point_to(row: Camera, source: Source | None) -> None:
    source = source or Source("")
    row.source_url, row.source_user, row.source_password = source.url, source.user, source.password


async def _camera_for(tx: Tx, by: Viewer, camera_id: int) -> Camera:
    row = await store.locked(tx, by.stream, camera_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该摄像头", "camera")
    return row


def _require_fresh(row: Camera, revision: int) -> None:
    if revision != row.revision:
        raise StaleForm(row.name_zh, row.changed_by, row.revision)


async def _require_possible(tx: Tx, by: Viewer, region_code: str, unit_id: int | None) -> None:
    faults = []
    if not by.covers(region_code) or await places.region(tx, region_code) is None:
        faults.append(FieldFault("region_code", "没有这个地区", "no such place"))
    if unit_id is not None:
        unit = await units.kept(tx, by.stream, unit_id)
        if unit is None or not unit.active:
            faults.append(FieldFault("unit_id", "没有这个单位", "no such unit"))
    if faults:
        raise InvalidInput(*faults)


async def _require_unborne(tx: Tx, by: Viewer, path: str, but: int | None) -> None:
    held = await store.of_path(tx, by.stream, path)
    if held is not None and held.id != but:
        raise StreamPathTaken(path, held.name_zh if by.covers(held.region_code) else None)


async def _fact(tx: Tx, by: Viewer, camera_id: int) -> CameraFact:
    found = await store.seen(tx, by.stream, by.stream, camera_id)
    assert found is not None
    return found


async def _tell(
    tx: Tx,
    by: Viewer,
    row: Camera,
    what: str,
    now: datetime,
    changed: Sequence[str],
    regions: tuple[str, ...] = (),
) -> CameraFact:
    if row.id is not None:
        row.revision += 1
    row.changed_by, row.changed_at = by.name, now
    await tx.flush()
    fact = await _fact(tx, by, row.id or 0)
    told: dict[str, Any] = {"type": what, "camera": fact, "changed": list(changed)}
    concern = Concern(tuple(dict.fromkeys((*regions, fact.region_code))), audience="register")
    await journal.append(
        tx, by.stream, now, [journal.Entry(CameraChanged.model_validate(told), concern)], actor(by)
    )
    return fact
