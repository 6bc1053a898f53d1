"""Live pictures: a browser's offer (WHEP, RFC 9725) and files of HLS go through our own origin, with bounds.

No transaction is held while the media server is asked: who asks and which camera is meant is looked up first.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Path, Request, Response

from app.api.house import By, House, InHouse
from app.api.route import SharedRoute
from app.commands import RowId
from app.dispatch.video import store
from app.dispatch.video.facts import CameraFact
from app.dispatch.video.media.files import media_type_of
from app.dispatch.video.media.server import MediaServer
from app.dispatch.video.refusals import NoMediaServer, OfferMalformed
from app.dispatch.video.rules.source import Source
from app.org.rules.access import Viewer, require
from app.refusals import NotFound

log = structlog.get_logger()
MOST_OFFER = 64 * 1024
Session = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,80}$")]


router = APIRouter(prefix="/api/cameras", tags=["cameras"], route_class=SharedRoute)
SDP_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/sdp": {"schema": {"type": "string"}}}}
}
FRAGMENT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/trickle-ice-sdpfrag": {"schema": {"type": "string"}}},
    }
}


async def _camera(house: House, by: Viewer, camera_id: int) -> tuple[MediaServer, CameraFact, Source | None]:
    """Return what is to be looked at. Raises NotFound for a camera beyond the scope, NoMediaServer."""
    require(by, "see_desk")
    async with house.database.glance() as tx:
        camera = await store.seen(tx, by.stream, by.scope, camera_id)
        source = await store.source(tx, by.stream, by.scope, camera_id)
    if camera is None or source is None or not camera.active:
        raise NotFound("该摄像头", "camera")
    if house.media is None:
        raise NoMediaServer
    return house.media, camera, source[0]


@router.post(
    "/{camera_id}/whep",
    status_code=201,
    response_class=Response,
    responses={201: {"content": {"application/sdp": {"schema": {"type": "string"}}}}},
    openapi_extra=SDP_BODY,
)
async def play(camera_id: RowId, request: Request, by: By, house: InHouse) -> Response:
    """Open a live picture: the body is the browser's offer (SDP), the answer is the media server's.

    `Location` is the session, which DELETE ends. 503 without a media server, 504 after five seconds.
    """
    media, camera, source = await _camera(house, by, camera_id)
    offer = await request.body()
    if len(offer) > MOST_OFFER or not offer.startswith(b"v=0"):
        raise OfferMalformed
    playing = await media.play(camera.stream_path, source, offer)
    log.info("camera_opened", camera=camera.id, account=by.account_id)
    headers = {"Location": f"/api/cameras/{camera_id}/whep/{playing.session}"} if playing.session else {}
    return Response(playing.sdp, status_code=201, media_type="application/sdp", headers=headers)


@router.patch(
    "/{camera_id}/whep/{session}",
    status_code=204,
    response_class=Response,
    openapi_extra=FRAGMENT_BODY,
)
async def trickle(camera_id: RowId, session: Session, request: Request, by: By, house: InHouse) -> Response:
    """Tell the session further ICE candidates of the browser."""
    return await _told("PATCH", camera_id, session, await request.body(), by, house)


@router.delete("/{camera_id}/whep/{session}", status_code=204, response_class=Response)
async def hang_up(camera_id: RowId, session: Session, by: By, house: InHouse) -> Response:
    """End a live picture; one that has ended already has ended."""
    return await _told("DELETE", camera_id, session, b"", by, house)


async def _told(
    method: Literal["PATCH", "DELETE"], camera_id: int, session: str, body: bytes, by: Viewer, house: House
) -> Response:
    media, camera, _ = await _camera(house, by, camera_id)
    if len(body) > MOST_OFFER:
        raise OfferMalformed
    await media.tell(method, camera.stream_path, session, body)
    return Response(status_code=204)


@router.get(
    "/{camera_id}/hls/{file:path}",
    response_class=Response,
    responses={200: {"content": {"application/vnd.apple.mpegurl": {}}}},
)
async def file(camera_id: RowId, file: str, request: Request, by: By, house: InHouse) -> Response:
    """Return a playlist (`index.m3u8`) or a piece of a live picture, where WebRTC finds no way."""
    require(by, "see_desk")
    media_type = media_type_of(file, request.url.query)
    if media_type is None:
        raise NotFound("该视频文件", "file of a live picture")
    media, camera, _ = await _camera(house, by, camera_id)
    content = await media.file(camera.stream_path, file, request.url.query)
    return Response(content, media_type=media_type)
