"""A packet is taken, or refused, and receipted: one transaction, nothing of what it asks for is done here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from app.broadcast.wire.manners import Manners
from app.broadcast.wire.parcel import BEATS, Parcel, receipt
from app.broadcast.wire.rules.freshness import stale
from app.broadcast.wire.rules.identity import content_hash, digest
from app.broadcast.wire.store import incoming, packets, wires
from app.broadcast.wire.store.wires import Known
from app.broadcast.wire.tables import BroadcastPacket
from app.broadcast.wire.terms import WireTerms
from app.codecs.ebm import signature
from app.codecs.ebm.fields import text
from app.codecs.ebm.packet import Packet
from app.codecs.ebm.receive import Received, ResultCode
from app.codecs.findings import Finding, faults, rule
from app.db import Tx

MOST_REFUSED = 256 * 1024
_TAKEN_WORDS = "已接收并校验通过"
_KNOWN_WORDS = "消息此前已收到,未重复处理"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A body at the door: as whose it was judged, what was found, its bytes, the EBDID that it has."""

    known: Known
    manners: Manners
    got: Received
    data: bytes
    address: str
    related: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a receipt says. `state` is that of the packet's row, "" leaves none."""

    result: ResultCode
    words: str
    state: str
    finding: Finding | None = None


async def take(tx: Tx, stream: str, terms: WireTerms, arrival: Arrival, now: datetime) -> Parcel:
    """Take a packet in and return its receipt; the same bytes again get the first one again.

    Raises Trouble when no receipt can be written, for want of a key.
    """
    packet = arrival.got.packet
    if packet is not None and arrival.got.valid and packet.kind != BEATS:
        await packets.lock(tx, packet.source, packet.ebd_id)
        before = await packets.taken(tx, stream, packet.source, packet.ebd_id)
        if before is not None and before.sha256 == digest(arrival.data):
            return Parcel(_number_in(before.answer), "EBDResponse", before.answer)
        again = before is not None
    else:
        again = False
    verdict = await _judge(tx, stream, arrival, now, again=again)
    if verdict.result <= ResultCode.PARSED:
        await wires.heard(tx, arrival.manners.peer_id, now)
    sequence = await packets.next_sequence(tx, now)
    answer = await asyncio.to_thread(
        receipt,
        arrival.manners,
        terms.keys,
        arrival.related,
        verdict.result,
        verdict.words,
        sequence,
        now,
    )
    if verdict.state:
        await packets.keep(tx, _row(stream, arrival, verdict, answer.data, now))
    return answer


async def _judge(tx: Tx, stream: str, arrival: Arrival, now: datetime, *, again: bool) -> Verdict:
    got, manners = arrival.got, arrival.manners
    wrong = faults(got.findings)
    if got.packet is None or not got.valid:
        why = wrong[0].detail if wrong else ""
        return Verdict(got.result, why, "refused")
    finding = _stranger(got.packet, manners) or _stale(got, manners, now)
    if finding is None and again:
        finding = rule(
            "EBDID_REUSED",
            "该 EBDID 已用于另一内容或另一签名,疑为重放,请换新编号重发",
            "this EBDID was used with other bytes, it may be a replay: send it under a new number",
        )
    if finding is not None:
        code = ResultCode.UNSIGNED if finding.code.startswith("SIGNATURE_") else ResultCode.OTHER
        return Verdict(code, finding.detail, "refused", finding)
    if got.packet.kind == BEATS:
        return Verdict(ResultCode.PARSED, _TAKEN_WORDS, "")
    if got.packet.kind == "EBM":
        return await _message(tx, stream, got.packet)
    return Verdict(ResultCode.PARSED, _TAKEN_WORDS, "waiting")


async def _message(tx: Tx, stream: str, packet: Packet) -> Verdict:
    """Judge a message by its EBMID: relayed by another way it has another EBDID and is the same."""
    ebm_id = text(packet.payload, "EBMID")
    await packets.lock(tx, "ebm", ebm_id)
    before = await incoming.hash_of(tx, stream, ebm_id)
    if before is None:
        return Verdict(ResultCode.PARSED, _TAKEN_WORDS, "waiting")
    if before == content_hash(packet.payload):
        return Verdict(ResultCode.PARSED, _KNOWN_WORDS, "known")
    finding = rule(
        "EBMID_REUSED",
        "该 EBMID 已用于另一内容,请换新编号",
        "this EBMID was used with another content: take a new one",
    )
    return Verdict(ResultCode.OTHER, finding.detail, "refused", finding)


def _stranger(packet: Packet, manners: Manners) -> Finding | None:
    if packet.source != manners.code:
        return rule(
            "UNKNOWN_SOURCE",
            f"SRC {packet.source} 未登记,或不应从此地址发来,请与本中心核对",
            f"SRC {packet.source} is not registered, or not at this address: ask this centre",
        )
    if packet.destination and packet.destination != manners.our_code:
        return rule(
            "WRONG_DESTINATION",
            f"DEST 是 {packet.destination},不是本平台 {manners.our_code}",
            f"DEST is {packet.destination}, we are {manners.our_code}",
        )
    return None


def _stale(got: Received, manners: Manners, now: datetime) -> Finding | None:
    assert got.packet is not None
    raw = got.files.get(f"EBDS_EBDB_{got.packet.ebd_id}.xml")
    signed = signature.read(raw).message if raw is not None else None
    return stale(got.packet.time, signed.time if signed else None, manners.window, now)


def _number_in(tar: bytes) -> str:
    """Return the EBDID of a TAR of ours: its first file is the business data."""
    return tar[:100].rstrip(b"\0").decode("ascii").removeprefix("EBDB_").removesuffix(".xml")


def _row(stream: str, arrival: Arrival, verdict: Verdict, answer: bytes, now: datetime) -> BroadcastPacket:
    packet, refused = arrival.got.packet, verdict.state == "refused"
    findings = [*arrival.got.findings, *([verdict.finding] if verdict.finding else [])]
    return BroadcastPacket(
        stream=stream,
        peer_id=arrival.manners.peer_id,
        direction="in",
        state=verdict.state,
        source=packet.source if packet else "",
        ebd_id=arrival.related,
        kind=packet.kind if packet else "",
        related=packet.related if packet else "",
        ebm_id=text(packet.payload, "EBMID") if packet else "",
        message_hash=content_hash(packet.payload) if packet and packet.kind == "EBM" else "",
        at=now,
        address=arrival.address,
        sha256=digest(arrival.data),
        data=arrival.data[:MOST_REFUSED] if refused else arrival.data,
        result=int(verdict.result),
        findings=[one.out() for one in findings],
        answer=answer,
        words=verdict.words[:500],
    )
