"""Broadcast platforms for people: register and links, what passed, what superiors sent; speech."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute, SharedRoute
from app.broadcast.speech import SpeechIn, SpeechState
from app.broadcast.wire.actions import peers
from app.broadcast.wire.commands import WirePeerIn
from app.broadcast.wire.facts import WireAsked, WireIncomingFact, WirePacketFact, WirePeerFact
from app.commands import RowId
from app.org.rules.access import require

router = APIRouter(prefix="/api/broadcast", tags=["broadcast"], route_class=DeskRoute)
_MP3: dict[int | str, dict[str, Any]] = {200: {"content": {"audio/mpeg": {}}}}
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/peers")
async def registered(by: By, tx: InTx, house: InHouse) -> list[WirePeerFact]:
    """Return the platforms and how the links to them stand; keys and certificates are in no answer."""
    return await peers.listed(tx, by, house.wire, house.clock.now())


@router.post("/peers", status_code=201)
async def register(told: WirePeerIn, by: By, tx: InTx, house: InHouse) -> WirePeerFact:
    """Register a platform; one that broadcasts know already gets its wire."""
    return await peers.register(tx, by, told, house.wire, house.clock.now())


@router.put("/peers/{peer_id}")
async def amend(peer_id: RowId, told: WirePeerIn, by: By, tx: InTx, house: InHouse) -> WirePeerFact:
    """Write a platform anew; certificates that are left out stay as they are."""
    return await peers.amend(tx, by, peer_id, told, house.wire, house.clock.now())


@router.delete("/peers/{peer_id}")
async def retire(peer_id: RowId, by: By, tx: InTx, house: InHouse) -> WirePeerFact:
    """Send nothing more to a platform and take nothing from it."""
    return await peers.retire(tx, by, peer_id, house.wire, house.clock.now())


@router.post("/peers/{peer_id}/terminals", status_code=202)
async def ask_for_terminals(peer_id: RowId, by: By, tx: InTx, house: InHouse) -> WireAsked:
    """Ask a platform for all its terminals and their states at once; they come in a connection of its own."""
    return WireAsked(asked=await peers.ask(tx, by, peer_id, house.clock.now()))


@router.get("/packets")
async def passed(by: By, tx: InTx, limit: Limit = 100) -> list[WirePacketFact]:
    """Return the packets that passed last, without their bytes; heart-beats are not among them."""
    return await peers.passed(tx, by, limit)


@router.get("/incoming")
async def came_in(by: By, tx: InTx, limit: Limit = 100) -> list[WireIncomingFact]:
    """Return the messages other platforms sent, the latest first; none is passed on by itself."""
    return await peers.came_in(tx, by, limit)


@router.get("/speech")
async def speech_state(by: By, house: InHouse) -> SpeechState:
    """Return whether text can be spoken here; where not, terminals speak messages themselves."""
    require(by, "see_desk")
    return await house.speech.state()


async def speak(told: SpeechIn, by: By, house: InHouse) -> Response:
    """Return a text as MP3, to be listened to before a broadcast is approved."""
    require(by, "command")
    spoken = await house.speech.speak(told.text, told.language)
    return Response(spoken.data, media_type="audio/mpeg", headers={"X-Seconds": f"{spoken.seconds:.1f}"})


# A text of 2,000 characters is spoken for seconds, two at a time: no connection of the desk waits for it.
router.add_api_route(
    "/speech",
    speak,
    methods=["POST"],
    response_class=Response,
    responses=_MP3,
    route_class_override=SharedRoute,
)
