"""Platforms are registered, amended and retired by who manages the county's desk."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.exc import IntegrityError

from app.broadcast.tables import BroadcastPeer
from app.broadcast.wire.actions import asking
from app.broadcast.wire.commands import WirePeerIn
from app.broadcast.wire.events import WirePeerChanged
from app.broadcast.wire.facts import WireIncomingFact, WirePacketFact, WirePeerBrief, WirePeerFact
from app.broadcast.wire.heart import state_of
from app.broadcast.wire.refusals import (
    BadWireCertificate,
    NoWireCertificate,
    TrialWireCertificate,
    WirePeerTwice,
)
from app.broadcast.wire.rules.trouble import trouble_words
from app.broadcast.wire.store import errands, incoming, packets, wires
from app.broadcast.wire.store.wires import Known
from app.broadcast.wire.tables import BroadcastLink, BroadcastWire
from app.broadcast.wire.terms import WireTerms
from app.codecs.ebm import trial
from app.codecs.ebm.certificate import BadCertificate, certificate_of, trusted
from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import NotFound

_OF_THE_WIRE = {
    *("url", "door", "dialect", "extensions", "signs", "append_time", "time_is_counter"),
    *("window_s", "heartbeat_s", "poll_s", "allowed", "key_id", "superior"),
}
_Type = Literal["broadcast_peer.registered", "broadcast_peer.amended", "broadcast_peer.retired"]


async def listed(tx: Tx, by: Viewer, terms: WireTerms, now: datetime) -> list[WirePeerFact]:
    """Return the platforms with their links, those in use first. Raises NotPermitted."""
    require(by, "see_desk")
    waiting = await errands.owed(tx, by.stream)
    return [_fact(one, terms, waiting, now) for one in await wires.every(tx, by.stream, by.scope)]


async def register(tx: Tx, by: Viewer, told: WirePeerIn, terms: WireTerms, now: datetime) -> WirePeerFact:
    """Register a platform; one that broadcasts know already gets its wire.

    Raises WirePeerTwice, BadWireCertificate, TrialWireCertificate, NoWireCertificate, NotPermitted.
    """
    _may(by, told.region_code)
    peer = await wires.platform(tx, by.stream, told.resource_code)
    if peer is None:
        peer = BroadcastPeer(
            stream=by.stream, name=told.name, resource_code=told.resource_code, region_code=told.region_code
        )
        tx.add(peer)
        await tx.flush()
    assert peer.id is not None
    if await wires.one(tx, by.stream, peer.id) is not None:
        raise WirePeerTwice
    wire = BroadcastWire(
        peer_id=peer.id,
        stream=by.stream,
        code="",
        our_code="",
        allowed=[],
        authorities=[],
        certificates=[],
        written_by=by.name,
        written_at=now,
    )
    known = Known(peer, wire, BroadcastLink(peer_id=peer.id))
    _write(known, told, terms, by, now)
    tx.add(wire)
    await _flushed(tx)
    tx.add(known.link)
    return await _told(tx, by, known, "broadcast_peer.registered", terms, now)


async def amend(
    tx: Tx, by: Viewer, peer_id: int, told: WirePeerIn, terms: WireTerms, now: datetime
) -> WirePeerFact:
    """Write a platform anew; certificates that are left out stay. Raises as `register`, and NotFound."""
    _may(by, told.region_code)
    known = await _own(tx, by, peer_id)
    if told.resource_code != known.peer.resource_code:
        raise WirePeerTwice
    _write(known, told, terms, by, now)
    return await _told(tx, by, known, "broadcast_peer.amended", terms, now)


async def retire(tx: Tx, by: Viewer, peer_id: int, terms: WireTerms, now: datetime) -> WirePeerFact:
    """Send nothing more to a platform and take nothing from it. Raises NotFound, NotPermitted."""
    known = await _own(tx, by, peer_id)
    known.peer.active = False
    await errands.drop_of_peer(tx, peer_id)
    return await _told(tx, by, known, "broadcast_peer.retired", terms, now)


async def ask(tx: Tx, by: Viewer, peer_id: int, now: datetime) -> int:
    """Ask a platform for all its terminals at once. Raises NotFound, NotPermitted."""
    known = await _own(tx, by, peer_id, lock=False)
    return await asking.ask_now(tx, by.stream, known.wire.peer_id, now)


async def passed(tx: Tx, by: Viewer, limit: int) -> list[WirePacketFact]:
    """Return the packets that passed last. Raises NotPermitted."""
    require(by, "see_desk")
    known = await wires.every(tx, by.stream, by.scope)
    return await packets.latest(tx, by.stream, [one.wire.peer_id for one in known], limit)


async def came_in(tx: Tx, by: Viewer, limit: int) -> list[WireIncomingFact]:
    """Return what other platforms sent; it is the whole county's. Raises NotPermitted, NotFound."""
    require(by, "see_desk")
    if not by.covers(by.stream.ljust(12, "0")):
        raise NotFound("该消息", "message")
    return await incoming.listed(tx, by.stream, limit)


def _may(by: Viewer, region_code: str) -> None:
    require(by, "manage_people")
    if not by.covers(region_code):
        raise NotFound("该区域", "region")


async def _own(tx: Tx, by: Viewer, peer_id: int, *, lock: bool = True) -> Known:
    require(by, "manage_people")
    known = await wires.one(tx, by.stream, peer_id, lock=lock)
    if known is None or not by.covers(known.peer.region_code):
        raise NotFound("该对接平台", "platform")
    return known


def _write(known: Known, told: WirePeerIn, terms: WireTerms, by: Viewer, now: datetime) -> None:
    peer, wire = known.peer, known.wire
    peer.name, peer.region_code, peer.drills, peer.active = told.name, told.region_code, told.for_drills, True
    for name, value in told.model_dump(include=_OF_THE_WIRE).items():
        setattr(wire, name, value)
    legacy = told.dialect == "draft-2016"
    wire.code = told.legacy_code if legacy else told.resource_code
    wire.our_code = told.our_legacy_code if legacy else told.our_resource_code
    if told.authorities is not None:
        wire.authorities = told.authorities
    if told.certificates is not None:
        wire.certificates = told.certificates
    wire.written_by, wire.written_at = by.name, now
    _prove(wire, terms)


def _prove(wire: BroadcastWire, terms: WireTerms) -> None:
    """See to it that a platform's signatures can be proved, and not by what everybody can sign with."""
    if wire.signs and not wire.authorities:
        raise NoWireCertificate
    authorities = [bytes.fromhex(one) for one in wire.authorities]
    try:
        if not terms.trials and any(
            certificate_of(one).public == certificate_of(trial.CA).public for one in authorities
        ):
            raise TrialWireCertificate
        trusted(authorities, [bytes.fromhex(one) for one in wire.certificates])
    except BadCertificate as error:
        raise BadWireCertificate(str(error)) from error


async def _flushed(tx: Tx) -> None:
    try:
        await tx.flush()
    except IntegrityError as error:
        raise WirePeerTwice from error


async def _told(
    tx: Tx, by: Viewer, known: Known, type_: _Type, terms: WireTerms, now: datetime
) -> WirePeerFact:
    await _flushed(tx)
    peer = known.peer
    brief = WirePeerBrief(id=peer.id or 0, name=peer.name, resource_code=peer.resource_code)
    concern = Concern((peer.region_code,), restricted=True)
    entry = journal.Entry(WirePeerChanged(type=type_, platform=brief), concern)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return _fact(known, terms, await errands.owed(tx, by.stream), now)


def _fact(known: Known, terms: WireTerms, waiting: dict[int, int], now: datetime) -> WirePeerFact:
    peer, wire, link = known.peer, known.wire, known.link
    zh, en = trouble_words(link.trouble, link.trouble_detail)
    copied = wire.model_dump(include=_OF_THE_WIRE | {"code", "our_code", "written_by", "written_at"})
    return WirePeerFact(
        **copied,
        id=wire.peer_id,
        name=peer.name,
        resource_code=peer.resource_code,
        region_code=peer.region_code,
        for_drills=peer.drills,
        active=peer.active,
        serials=[one[14:26] for one in (*wire.authorities, *wire.certificates)],
        key_serial=terms.keys.serial(wire.key_id),
        link=state_of(known, now),
        **link.model_dump(include={"beat_at", "answered_at", "heard_at", "failed_at"}),
        trouble_zh=zh,
        trouble_en=en,
        waiting=waiting.get(wire.peer_id, 0),
    )
