"""Reports between houses, for people: what came in, what waits to go out, the peers, reports as files."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from app.api.attachments import ANY_FILE
from app.api.house import By, InHouse, InTx
from app.api.prints import PRINTS, TYPES, Form
from app.api.route import DeskRoute
from app.commands import RowId
from app.org.rules.access import require
from app.refusals import NotFound
from app.reporting.exchange.actions import acknowledging, packing, peers
from app.reporting.exchange.commands import PeerIn
from app.reporting.exchange.facts import OutgoingFact, PeerFact, ReceivedBrief, ReceivedCount, ReceivedFact
from app.reporting.exchange.store import received

router = APIRouter(prefix="/api", tags=["exchange"], route_class=DeskRoute)
_OF = "/exchange"
_ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get(f"{_OF}/received")
async def came_in(by: By, tx: InTx, limit: Limit = 100, before: RowId | None = None) -> list[ReceivedBrief]:
    """Return the reports that came in, the latest first; `before` an id for those further back."""
    require(by, "see_desk")
    return await received.listed(tx, by, limit, before)


@router.get(f"{_OF}/received/count")
async def how_many(by: By, tx: InTx) -> ReceivedCount:
    """Return how many reports nobody has acknowledged yet."""
    require(by, "see_desk")
    return ReceivedCount(waiting=await received.waiting(tx, by))


@router.post(f"{_OF}/received/file", status_code=201, openapi_extra=ANY_FILE)
async def from_file(request: Request, response: Response, by: By, tx: InTx, house: InHouse) -> ReceivedBrief:
    """Import a report as a file; one that is known is answered 200 and changes nothing."""
    keys, zone = house.exchange.keys, house.settings.zone
    data = await request.body()
    found, known = await packing.take_in(tx, by, data, keys.secret, zone, house.clock.now())
    response.status_code = 200 if known else 201
    return found


@router.get(f"{_OF}/received/{{received_id}}.{{form}}", response_class=Response, responses=PRINTS)
async def paper(received_id: RowId, form: Form, by: By, tx: InTx) -> Response:
    """Return a paper that came with a report, byte by byte."""
    told = await acknowledging.readable(tx, by, received_id)
    found = await received.paper(tx, received_id, form)
    if found is None:
        raise NotFound("该文稿", "paper")
    headers = {**_named(f"{told.their_number} {told.title}.{form}"), "X-Content-SHA256": found.sha256}
    return Response(found.data, media_type=TYPES[form], headers=headers)


@router.get(f"{_OF}/received/{{received_id}}")
async def one(received_id: RowId, by: By, tx: InTx) -> ReceivedFact:
    """Return a report that came in, with its text."""
    return await acknowledging.readable(tx, by, received_id)


@router.post(f"{_OF}/received/{{received_id}}/acknowledgement")
async def acknowledge(received_id: RowId, by: By, tx: InTx, house: InHouse) -> ReceivedFact:
    """Acknowledge it (收悉); the sender's system is told."""
    return await acknowledging.acknowledge(tx, by, received_id, house.clock.now())


@router.get(f"{_OF}/outgoing")
async def queue(by: By, tx: InTx, limit: Limit = 100) -> list[OutgoingFact]:
    """Return what waits to be delivered, then what was delivered last."""
    return await peers.queue(tx, by, limit)


@router.post(f"{_OF}/outgoing/{{outgoing_id}}/retry")
async def retry(outgoing_id: RowId, by: By, tx: InTx, house: InHouse) -> OutgoingFact:
    """Try it again at once."""
    return await peers.retry(tx, by, outgoing_id, house.clock.now())


@router.get(f"{_OF}/peers")
async def registered(by: By, tx: InTx, house: InHouse) -> list[PeerFact]:
    """Return the peers of one's desk; a secret is in no answer."""
    return await peers.listed(tx, by, house.exchange.keys.knows)


@router.post(f"{_OF}/peers", status_code=201)
async def register(told: PeerIn, by: By, tx: InTx, house: InHouse) -> PeerFact:
    """Register a peer of one's own desk."""
    return await peers.register(tx, by, told, house.clock.now(), house.exchange.keys.knows)


@router.put(f"{_OF}/peers/{{peer_id}}")
async def amend(peer_id: RowId, told: PeerIn, by: By, tx: InTx, house: InHouse) -> PeerFact:
    """Write a peer anew."""
    return await peers.amend(tx, by, peer_id, told, house.clock.now(), house.exchange.keys.knows)


@router.delete(f"{_OF}/peers/{{peer_id}}")
async def retire(peer_id: RowId, by: By, tx: InTx, house: InHouse) -> PeerFact:
    """Send nothing more to a peer and take nothing from it."""
    return await peers.retire(tx, by, peer_id, house.clock.now(), house.exchange.keys.knows)


@router.get(
    "/reports/{report_id}/addressees/{addressee_id}/package.zip", response_class=Response, responses=_ZIP
)
async def export(report_id: RowId, addressee_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Return a signed report as a file another Zhishou can import."""
    name, data = await packing.package(tx, by, report_id, addressee_id, house.exchange.keys.secret)
    return Response(data, media_type="application/zip", headers=_named(name))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
