"""One packet to one platform: POST multipart, the receipt read from the same answer."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

from app.broadcast.wire.manners import Manners
from app.broadcast.wire.parcel import Parcel
from app.broadcast.wire.rules.link import PEER_FAILED_S
from app.broadcast.wire.rules.trouble import Trouble
from app.codecs.ebm.fields import text
from app.codecs.ebm.multipart import body_of, upload_of
from app.codecs.ebm.receive import ResultCode, receive
from app.codecs.findings import Refused, faults
from app.outward.address import read_address
from app.outward.call import Answered, Asked, Garbled, call

MOST_ANSWER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a peer said of a packet: its ResultCode and words, and the TAR they came in."""

    result: int
    words: str
    data: bytes

    @property
    def taken(self) -> bool:
        """Whether the peer goes on with the packet."""
        return self.result <= ResultCode.PARSED


async def post(
    manners: Manners, parcel: Parcel, tls: ssl.SSLContext | None = None, within_s: float = PEER_FAILED_S
) -> Receipt:
    """Post a packet and return its receipt, whatever it says. Raises Trouble, nothing else.

    No answer within `within_s` is a failed peer. A receipt that is not signed by the peer, or belongs to
    another packet, is none: whoever sits on the line could say that an alert was taken.
    """
    address = read_address(manners.url)
    if address is None:
        raise Trouble("unreachable", manners.url)
    body, kind = body_of(parcel.name, parcel.data)
    asked = Asked("POST", "" if address.path else "/", body, {"Content-Type": kind, "Accept": "*/*"})
    try:
        async with asyncio.timeout(within_s):
            answer = await call(address, asked, MOST_ANSWER, tls)
    except TimeoutError:
        raise Trouble("silent") from None
    except ssl.SSLError as error:
        raise Trouble("tls", error.reason or "") from error
    except (ConnectionResetError, BrokenPipeError) as error:
        raise Trouble("hung_up") from error
    except OSError as error:
        raise Trouble("unreachable", type(error).__name__) from error
    except Garbled as error:
        raise Trouble("broken_answer", str(error)) from error
    if answer.status != 200:
        raise Trouble("http", f"HTTP {answer.status}")
    return await asyncio.to_thread(_read, manners, parcel, answer)


def _read(manners: Manners, parcel: Parcel, answer: Answered) -> Receipt:
    got = receive(_tar(answer), manners.trust, manners.profile)
    packet = got.packet
    wrong = faults(got.findings)
    if packet is None or wrong:
        why = wrong[0].detail if wrong else ""
        raise Trouble("unsigned_receipt" if got.result == ResultCode.UNSIGNED else "broken_answer", why)
    if packet.kind != "EBDResponse" or packet.source != manners.code:
        raise Trouble("broken_answer", f"{packet.kind} of {packet.source}")
    silent_on_it = not packet.related and manners.profile.extensions
    if packet.related != parcel.ebd_id and not silent_on_it:
        raise Trouble("wrong_receipt", packet.related)
    return Receipt(int(text(packet.payload, "ResultCode")), text(packet.payload, "ResultDesc"), answer.body)


def _tar(answer: Answered) -> bytes:
    """Return the TAR of an answer: bare as the standard has it, or in a multipart as some send it."""
    kind = answer.headers.get("content-type", "")
    if not kind.lower().lstrip().startswith("multipart/"):
        return answer.body
    try:
        return upload_of(answer.body, kind).content
    except Refused as refused:
        raise Trouble("broken_answer", refused.finding.detail) from None
