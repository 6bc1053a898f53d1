"""What is sent to a peer's system: one signed request, its receipt proved. Nothing else is ever called."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from app.commands import Command, Moment
from app.outward.address import read_address
from app.outward.call import Answered, Asked, Garbled, call
from app.reporting.exchange.message import Sha256
from app.reporting.exchange.rules.signing import (
    Heads,
    answer_signature,
    digest,
    headers_for,
    holds,
    signature,
)
from app.reporting.exchange.rules.trouble import MOST, Trouble

REPORTS, ACKNOWLEDGEMENTS = "/api/exchange/reports", "/api/exchange/acknowledgements"
MOST_ANSWER = 64 * 1024
GIVE_UP_S = 60.0
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


class ReceiptIn(Command):
    """The peer's receipt: its number, when it has it, of which body."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    received_at: Moment
    sha256: Sha256
    known: bool = Field(default=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One signed request on its way: where to, under which key, which body."""

    url: str
    path: str
    heads: Heads
    secret: str
    body: bytes


def letter(
    url: str, path: str, key: str, secret: str, message_id: str, nonce: str, body: bytes, now: datetime
) -> Letter:
    """Return a letter that is signed now."""
    heads = Heads(key, str(int(now.timestamp())), nonce, message_id)
    return Letter(url, path, heads, secret, body)


async def post(one: Letter, tls: ssl.SSLContext | None = None, within_s: float = GIVE_UP_S) -> ReceiptIn:
    """Send it and return the peer's receipt. Raises Trouble, nothing else."""
    address = read_address(one.url)
    if address is None:
        raise Trouble("unreachable", one.url)
    signed = signature(one.secret, "POST", one.path, one.heads, one.body)
    asked = Asked("POST", one.path, one.body, headers_for(one.heads, signed))
    try:
        async with asyncio.timeout(within_s):
            answer = await call(address, asked, MOST_ANSWER, tls)
    except TimeoutError:
        raise Trouble("silent") from None
    except ssl.SSLError as error:
        raise Trouble("tls", error.reason or "") from error
    except OSError as error:
        raise Trouble("unreachable") from error
    except Garbled as error:
        raise Trouble("broken_answer") from error
    return _receipt(one, answer)


def _receipt(one: Letter, answer: Answered) -> ReceiptIn:
    if answer.status not in (200, 201):
        raise _refusal(answer)
    right = answer_signature(one.secret, one.heads, answer.status, answer.body)
    if not holds(answer.headers.get("x-zhishou-signature", ""), right):
        raise Trouble("unsigned_receipt")
    try:
        receipt = ReceiptIn.model_validate_json(answer.body)
    except ValidationError as error:
        raise Trouble("broken_answer") from error
    if receipt.sha256 != digest(one.body):
        raise Trouble("wrong_receipt")
    return receipt


def _refusal(answer: Answered) -> Trouble:
    if 300 <= answer.status < 400:
        return Trouble("redirected", f"HTTP {answer.status}")
    said = f"HTTP {answer.status} {_words(answer.body)}".strip()[:MOST]
    return Trouble("busy" if answer.status in _BUSY else "refused", said)


def _words(body: bytes) -> str:
    """Return what a problem document says, in one line; nobody's markup gets onto a screen of ours."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    said = told.get("detail") if isinstance(told, dict) else None
    return (
        " ".join("".join(c if c.isprintable() else " " for c in said).split())
        if isinstance(said, str)
        else ""
    )
