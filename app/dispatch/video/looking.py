"""What is read of cameras: one, where it stood before, which are near an incident."""

from __future__ import annotations

from collections.abc import Callable

from app.db import Tx
from app.dispatch.store import incidents
from app.dispatch.video import store
from app.dispatch.video.facts import CameraFact, CameraNear, CamerasNear, CameraViewFact, MediaFact
from app.dispatch.video.rules.view import Candidate, View, nearest
from app.org.rules.access import Viewer, may_see
from app.refusals import NotFound

MOST_NEAR = 50
Online = Callable[[str], bool | None]
"""Whether the stream of a path is there now; None: nobody knows."""


async def seen(tx: Tx, by: Viewer, camera_id: int) -> CameraFact:
    """Return a camera of this person's scope. Raises NotFound."""
    found = await store.seen(tx, by.stream, by.scope, camera_id)
    if found is None:
        raise NotFound("该摄像头", "camera")
    return found


async def views(tx: Tx, by: Viewer, camera_id: int) -> list[CameraViewFact]:
    """Return where a camera of this person's scope stood before. Raises NotFound."""
    await seen(tx, by, camera_id)
    return await store.views(tx, camera_id)


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
