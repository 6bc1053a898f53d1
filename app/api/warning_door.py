"""Where sources push warnings: no cookie, a signature or a token is the key."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple, cast

from fastapi import APIRouter, Header, Request, Response

from app.api.attachments import ANY_FILE
from app.api.house import House
from app.api.late_route import LateRoute
from app.api.route import whole_body
from app.dispatch.inbox.refusals import BadSignature, StaleNotice
from app.dispatch.inbox.rules import fresh, signed_by
from app.response.warning.actions import watching
from app.response.warning.actions.intake import Arrival, receive
from app.response.warning.facts import WarningReceipt
from app.response.warning.refusals import TooManyMessages, UnknownWarningSource, WarningTooLarge
from app.response.warning.rules.inlet import MOST_BYTES, token_holds
from app.response.warning.store import messages
from app.response.warning.tables import WarningSource

door = APIRouter(prefix="/api/warnings/intake", tags=["warnings"], route_class=LateRoute)
MOST_A_MINUTE = 120


@door.post("/{source}", status_code=201, openapi_extra=ANY_FILE)
async def push(
    source: str,
    request: Request,
    response: Response,
    x_zhishou_timestamp: Annotated[str, Header(max_length=20)] = "",
    x_zhishou_signature: Annotated[str, Header(max_length=100)] = "",
    authorization: Annotated[str, Header(max_length=200)] = "",
) -> WarningReceipt:
    """Take in one message, CAP 1.2 or 12379 XML, of a registered source; `source` is its key.

    A source that signs sends `X-Zhishou-Timestamp` (seconds since 1970, five minutes of skew) and
    `X-Zhishou-Signature`: `sha256=` and the HMAC-SHA256, in hex, of the time stamp, a full stop and the
    body. One with a token sends `Authorization: Bearer …`. The same bytes again are answered 200 and change
    nothing. A message that is refused or waits for a person is kept, and answered with its findings.
    """
    house = cast("House", request.app.state.house)
    stream = house.settings.stream
    async with house.database.transaction() as tx:  # a stranger's body is not read
        if await messages.source_by_key(tx, stream, source) is None:
            raise UnknownWarningSource
    await whole_body(request)
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise WarningTooLarge
    async with house.database.transaction() as tx:
        now = house.clock.now()
        row = await messages.source_by_key(tx, stream, source)
        if row is None or row.means != "push" or row.id is None:
            raise UnknownWarningSource
        _prove(row, _Heads(x_zhishou_timestamp, x_zhishou_signature, authorization), body, now)
        if await messages.recent(tx, row.id, now) >= MOST_A_MINUTE:
            raise TooManyMessages(MOST_A_MINUTE)
        await watching.heard(tx, stream, row.id, now)
        how = Arrival(stream, "push", row.name, row.id, tuple(row.senders))
        found = await receive(tx, how, body, now)
    response.status_code = 200 if found.known else 201
    return found


class _Heads(NamedTuple):
    """What a source proves itself with."""

    timestamp: str
    signature: str
    authorization: str


def _prove(row: WarningSource, heads: _Heads, body: bytes, now: datetime) -> None:
    """Raise unless the source has proved to be itself, now: BadSignature, StaleNotice."""
    if row.auth == "token":
        if not token_holds(row.secret, heads.authorization):
            raise BadSignature
        return
    if not signed_by(row.secret, heads.timestamp, body, heads.signature):
        raise BadSignature
    if not fresh(heads.timestamp, now):
        raise StaleNotice
