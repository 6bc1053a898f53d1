"""Where other systems bring reports: no cookie, the signature is the key; every answer is signed too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from app.api.house import House
from app.api.late_route import LateRoute
from app.api.route import whole_body
from app.db import Tx
from app.dispatch.inbox.refusals import BadSignature, NoticeTooLarge, StaleNotice
from app.refusals import InvalidInput
from app.reporting.exchange.actions import settling
from app.reporting.exchange.actions.packing import faults, read_message
from app.reporting.exchange.actions.receiving import Arrival, receive
from app.reporting.exchange.facts import ExchangeReceipt
from app.reporting.exchange.message import (
    ACK_BYTES,
    AcknowledgementMessage,
    paper_bytes,
)
from app.reporting.exchange.post import ACKNOWLEDGEMENTS, REPORTS
from app.reporting.exchange.refusals import (
    AlteredContent,
    IncompleteSignature,
    NoSuchSentReport,
    ReplayedMessage,
    UnknownPeer,
    WrongMessageId,
)
from app.reporting.exchange.rules.signing import (
    REPLAY_WINDOW,
    Heads,
    answer_signature,
    digest,
    fresh,
    heads_of,
    holds,
    signature,
)
from app.reporting.exchange.store import peers, received
from app.reporting.exchange.tables import ReportPeer

door = APIRouter(prefix="/api/exchange", tags=["exchange"], route_class=LateRoute)
KEPT = REPLAY_WINDOW * 2 + timedelta(minutes=1)
_HEADERS = [
    ("X-Zhishou-Key", "the name of the key both sides share"),
    ("X-Zhishou-Timestamp", "seconds since 1970; five minutes of skew are allowed"),
    ("X-Zhishou-Nonce", "random, another one for each try"),
    ("Idempotency-Key", "the id of the message, the same for each try"),
    (
        "X-Zhishou-Signature",
        "sha256= and the HMAC-SHA256, in hex, of the lines zhishou-1, POST, the path, key, timestamp, nonce,"
        " id and the SHA-256 of the body",
    ),
]


def _contract(schema: str) -> dict[str, Any]:
    """Return what the contract says of a signed request, whose body is read before it is understood."""
    return {
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "schema": {"type": "string"},
                "description": said,
            }
            for name, said in _HEADERS
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object", "title": schema}}},
        },
    }


@dataclass(frozen=True, slots=True)
class Knock:
    """A request whose signature holds."""

    peer: ReportPeer
    secret: str
    heads: Heads
    body: bytes


@door.post(
    "/reports", status_code=201, response_model=ExchangeReceipt, openapi_extra=_contract("ReportMessage")
)
async def take_report(request: Request) -> Response:
    """Take in a report of a peer (docs/reports.md); the same one again gets the same receipt, with 200.

    The answer bears `X-Zhishou-Signature`, over the lines zhishou-1, ANSWER, key, nonce, id, status and the
    SHA-256 of the body: a receipt without it is none.
    """

    async def work(tx: Tx, house: House, knock: Knock) -> ExchangeReceipt:
        message = read_message(knock.body)
        if message.id != knock.heads.message:
            raise WrongMessageId
        papers: dict[str, bytes] = {}
        for one in message.papers:
            data = paper_bytes(one)
            if data is None:
                raise AlteredContent(f"report.{one.form}")
            papers[one.form] = data
        sha256, zone = digest(knock.body), house.settings.zone
        how = Arrival(house.settings.stream, knock.peer.region_code, knock.peer, "system", sha256, zone)
        fact, known = await receive(tx, how, message, papers, house.clock.now())
        return ExchangeReceipt(number=fact.number, received_at=fact.received_at, sha256=sha256, known=known)

    return await _answered(request, REPORTS, 12 * 1024 * 1024, work)


@door.post(
    "/acknowledgements",
    status_code=201,
    response_model=ExchangeReceipt,
    openapi_extra=_contract("AcknowledgementMessage"),
)
async def take_acknowledgement(request: Request) -> Response:
    """Take in 收悉 of a report this house sent to the peer; signed as a report is."""

    async def work(tx: Tx, house: House, knock: Knock) -> ExchangeReceipt:
        try:
            told = AcknowledgementMessage.model_validate_json(knock.body)
        except ValidationError as error:
            raise InvalidInput(*faults(error)) from None
        if told.id != knock.heads.message:
            raise WrongMessageId
        now, stream = house.clock.now(), house.settings.stream
        peer_id = knock.peer.id or 0
        found = await settling.acknowledged(
            tx, stream, peer_id, told.report, told.number, told.by, told.at, now
        )
        if not found:
            raise NoSuchSentReport
        return ExchangeReceipt(number=told.number, received_at=now, sha256=digest(knock.body), known=False)

    return await _answered(request, ACKNOWLEDGEMENTS, ACK_BYTES, work)


async def _answered(
    request: Request, path: str, most: int, work: Callable[[Tx, House, Knock], Awaitable[ExchangeReceipt]]
) -> Response:
    """Let in who may, do the work in one transaction, and sign the answer."""
    house = cast("House", request.app.state.house)
    heads = heads_of(request.headers)
    await _allowed(house, heads)  # a stranger's body is not read
    await whole_body(request)
    body = await request.body()
    if len(body) > most:
        raise NoticeTooLarge
    async with house.database.transaction() as tx:
        now = house.clock.now()
        peer, secret = await _peer(tx, house, heads)
        if not holds(heads.signature, signature(secret, "POST", path, heads, body)):
            raise BadSignature
        if not await received.use_nonce(tx, heads.key, heads.nonce, now, KEPT):
            raise ReplayedMessage
        receipt = await work(tx, house, Knock(peer, secret, heads, body))
    answer, status = receipt.model_dump_json().encode(), 200 if receipt.known else 201
    signed = answer_signature(secret, heads, status, answer)
    return Response(answer, status, {"X-Zhishou-Signature": signed}, "application/json")


async def _allowed(house: House, heads: Heads) -> None:
    if not heads.whole or not heads.signature:
        raise IncompleteSignature
    if not fresh(heads.timestamp, house.clock.now()):
        raise StaleNotice
    async with house.database.transaction() as tx:
        await _peer(tx, house, heads)


async def _peer(tx: Tx, house: House, heads: Heads) -> tuple[ReportPeer, str]:
    peer = await peers.by_key(tx, house.settings.stream, heads.key)
    secret = house.exchange.keys.secret(heads.key)
    if peer is None or secret is None:
        raise UnknownPeer
    return peer, secret
