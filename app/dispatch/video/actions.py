"""Cameras: enter, amend, move, retire; which are near an incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.forces.refusals import StaleForm
from app.dispatch.store import incidents
from app.dispatch.video import store
from app.dispatch.video.commands import CameraIn, CameraPositionIn, CameraPut
from app.dispatch.video.events import CameraChanged
from app.dispatch.video.facts import CameraFact, CameraNear, CamerasNear, CameraSourceFact, MediaFact
from app.dispatch.video.refusals import StreamPathTaken, TooManyCameras
from app.dispatch.video.rules.source import Source, same_machine
from app.dispatch.video.rules.view import Candidate, View, has_moved, nearest
from app.dispatch.video.tables import Camera
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, may_see, require
from app.org.store import places, units
from app.refusals import FieldFault, InvalidInput, NotFound

MOST_CAMERAS = 5_000
MOST_NEAR = 50
Online = Callable[[str], bool | None]
"""Whether the stream of a path is there now; None: nobody knows."""

_SOURCE = ("source_url", "source_user", "source_password")
_NOT_COLUMNS = {*_SOURCE, "revision", "view_measured", "forget_login"}


async def register(tx: Tx, by: Viewer, told: CameraIn, now: datetime) -> CameraFact:
    """Enter a camera. Raises InvalidInput, NotPermitted, StreamPathTaken, TooManyCameras."""
    require(by, "manage_devices")
    await store.serialise(tx, by.stream)
    if await store.count(tx, by.stream) >= MOST_CAMERAS:
        raise TooManyCameras(MOST_CAMERAS)
    await _require_possible(tx, by, told.region_code, told.unit_id)
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
    await _require_unborne(tx, by, told.stream_path, camera_id)
    before = row.region_code
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
    if has_moved(_view(row), View(told.lon, told.lat)):
        row.moved_at = now
    row.lon, row.lat = told.lon, told.lat
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


async def seen(tx: Tx, by: Viewer, camera_id: int) -> CameraFact:
    """Return a camera of this person's scope. Raises NotFound."""
    found = await store.seen(tx, by.stream, by.scope, camera_id)
    if found is None:
        raise NotFound("该摄像头", "camera")
    return found


async def source_shown(tx: Tx, by: Viewer, camera_id: int) -> CameraSourceFact:
    """Return where a picture comes from, without the login. Raises NotFound, NotPermitted."""
    require(by, "manage_devices")
    found = await store.source(tx, by.stream, by.scope, camera_id)
    if found is None:
        raise NotFound("该摄像头", "camera")
    return found[1]


async def near_incident(
    tx: Tx, by: Viewer, incident_id: int, within_m: float, online: Online, media: MediaFact
) -> CamerasNear:
    """Return the cameras of the scope near an incident, the best one on top. Raises NotFound."""
    found = await incidents.seen(tx, by.stream, incident_id)
    if found is None or not may_see(by, found.concern):
        raise NotFound("该事件", "incident")
    lon, lat = found.fact.lon, found.fact.lat
    if lon is None or lat is None:
        return CamerasNear(media=media, placed=False, cameras=[])
    facts = {one.id: one for one in await store.around(tx, by.stream, by.scope, lat, within_m)}
    candidates = (
        Candidate(
            one.id,
            one.kind,
            View(one.lon, one.lat, one.bearing_deg, one.angle_deg, one.range_m),
            one.moved_at is not None,
            online(one.stream_path),
        )
        for one in facts.values()
    )
    ranked = [
        CameraNear(
            camera=facts[one.camera_id],
            online=one.online,
            distance_m=round(one.distance_m),
            bearing_deg=round(one.bearing_deg) % 360,
            in_view=one.in_view,
        )
        for one in nearest(candidates, lon, lat, within_m, MOST_NEAR)
    ]
    return CamerasNear(media=media, placed=True, cameras=ranked)


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
