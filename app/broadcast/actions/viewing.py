"""A sheet, its delivery table, what it would reach and what is on the air: as a person may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.broadcast.actions.approving import audible as audible_of
from app.broadcast.actions.drafting import villages_of
from app.broadcast.beside.tables import BroadcastFile
from app.broadcast.commands import BroadcastAreaIn
from app.broadcast.facts import (
    BroadcastAct,
    BroadcastConsentFact,
    BroadcastCoverageFact,
    BroadcastDeliveryFact,
    BroadcastFact,
    BroadcastSpokenFact,
    BroadcastVillageCoverFact,
    BroadcastVoiceFact,
)
from app.broadcast.rules import coverage, speech
from app.broadcast.rules.priority import Airing, schedule
from app.broadcast.speaker_facts import AreaScheduleFact, OnAirSlotFact
from app.broadcast.store import delivery, messages, places
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.org.rules.access import Viewer
from app.refusals import NotFound

_PLAIN = (
    *("revision", "sender", "text", "language", "template", "repeats", "interval_s", "cause_kind"),
    *("cause_id", "cause_status", "drafted_at", "submitted_at", "returned_by", "returned_at", "remarks"),
    *("approved_as", "approved_at", "issued_at", "started_at", "finished_at", "stopped_by", "stopped_at"),
    *("stop_reason",),
)


async def sheet(tx: Tx, by: Viewer, message_id: int) -> BroadcastFact:
    """Return a sheet whole. Raises NotFound."""
    row = await _seen(tx, by, message_id)
    voice = None if row.voice_id is None else await tx.get(BroadcastFile, row.voice_id)
    return BroadcastFact(
        **{name: getattr(row, name) for name in _PLAIN},
        broadcast=await messages.brief(tx, message_id),
        more_texts=[
            BroadcastSpokenFact(
                **one, letters=speech.letters(one["text"]), seconds=speech.seconds(one["text"])
            )
            for one in row.more_texts
        ],
        voice=BroadcastVoiceFact.model_validate(voice) if voice else None,
        letters=speech.letters(row.text),
        seconds=(voice.seconds or 0.0) if voice else speech.seconds(row.text),
        once_s=speech.once(row.text, _more(row.more_texts), voice.seconds if voice else None),
        areas=list(row.scope.get("areas", [])),
        polygons=[[(p[0], p[1]) for p in one] for one in row.scope.get("polygons", [])],
        at_once=bool(row.scope.get("at_once")),
        consent=_consent(row),
        replaces=await delivery.replaced(tx, row),
        audible=await audible_of(tx, row),
        peers=await delivery.peers(tx, message_id) if by.covers(row.region_code) else [],
        may=_may(by, row),
    )


async def delivered(tx: Tx, by: Viewer, message_id: int) -> BroadcastDeliveryFact:
    """Return the delivery table of a message, of the villages of the person's scope. Raises NotFound."""
    await _seen(tx, by, message_id)
    return BroadcastDeliveryFact(
        broadcast=await messages.brief(tx, message_id),
        villages=await delivery.villages(tx, message_id, by.scope),
        verifications=await delivery.verifications(tx, message_id, by.scope),
        proofs=await delivery.proofs(tx, message_id, by.scope),
    )


async def precheck(tx: Tx, by: Viewer, told: BroadcastAreaIn, *, drill: bool) -> BroadcastCoverageFact:
    """Return what a broadcast would reach now. Raises OutsideYourArea, NoBodyMeant."""
    chosen = await villages_of(tx, by, told)
    codes = [one.code for one in chosen]
    terminals = await places.loudspeakers(tx, by.stream, codes)
    if drill:
        codes = coverage.for_drill(codes, terminals)
        chosen = [one for one in chosen if one.code in set(codes)]
    found = coverage.covered(codes, terminals)
    carriers = await places.carriers(tx, by.stream)
    shares = coverage.shared_out(codes, terminals, carriers, drill=drill)
    carried = {code for given in shares.values() for code in given}
    by_code = {one.code: one for one in chosen}
    return BroadcastCoverageFact(
        villages=[
            BroadcastVillageCoverFact(
                region_code=one.region_code,
                path=by_code[one.region_code].path,
                lon=by_code[one.region_code].lon,
                lat=by_code[one.region_code].lat,
                terminals=one.terminals,
                live=one.live,
                offline=one.offline,
                fault=one.fault,
                cover=one.cover,
                carried=one.region_code in carried,
            )
            for one in found.villages
        ],
        terminals=found.terminals,
        live=found.live,
        offline=found.offline,
        fault=found.fault,
        sound=found.count("sound"),
        single=found.count("single"),
        dead=found.count("dead"),
        none=found.count("none"),
        uncarried=len(codes) - len(carried),
        audible=found.live,
        terminal_rate=found.terminal_rate,
        village_rate=found.village_rate,
        population=sum(one.population for one in chosen),
    )


async def on_air(tx: Tx, by: Viewer, now: datetime) -> list[AreaScheduleFact]:
    """Return what is, and will be, on the air in each township of the scope."""
    rows = await messages.running(tx, by.stream, by.scope)
    by_town: dict[str, list[Airing]] = defaultdict(list)
    for row in rows:
        once = speech.once(row["text"], _more(row["more_texts"]), row["voice_s"])
        airing = Airing(
            row["id"],
            row["urgent"],
            row["sender_level"],
            row["severity"],
            row["start_at"],
            row["end_at"],
            speech.on_air(once, row["repeats"], row["interval_s"]),
        )
        for code in row["townships"]:
            by_town[code].append(airing)
    titles = {row["id"]: (row["title"], row["severity"]) for row in rows}
    named = await places.names(tx, by_town)
    return [
        AreaScheduleFact(
            region_code=code,
            path=named.get(code, code),
            slots=[
                OnAirSlotFact(
                    broadcast_id=slot.key,
                    title=titles[slot.key][0],
                    severity=titles[slot.key][1],
                    start_at=slot.start,
                    end_at=slot.end,
                )
                for slot in schedule(airings)
                if slot.end > now
            ],
        )
        for code, airings in sorted(by_town.items())
    ]


def _more(spoken: Sequence[Mapping[str, Any]]) -> list[str]:
    return [one["text"] for one in spoken]


async def _seen(tx: Tx, by: Viewer, message_id: int) -> BroadcastMessage:
    row = await messages.seen(tx, by, message_id)
    if row is None:
        raise NotFound("该播发单", "broadcast")
    return row


def _consent(row: BroadcastMessage) -> BroadcastConsentFact | None:
    if row.consent_at is None:
        return None
    return BroadcastConsentFact(
        consent_of=row.consent_of,
        phone=row.consent_phone,
        at=row.consent_at,
        words=row.consent_words,
        asked=row.asked,
        countersigner=row.countersigner,
        countersigned_at=row.countersigned_at,
    )


def _may(by: Viewer, row: BroadcastMessage) -> list[BroadcastAct]:
    """Return what a person can do with a sheet in its state."""
    if row.msg_type == 2 or not by.covers(row.region_code) or not by.may("command"):
        return []
    own = row.author_id == by.account_id
    judges = by.may("approve_broadcast") and not own
    offers: list[tuple[BroadcastAct, bool]] = [
        ("edit", own and row.state in ("draft", "returned")),
        ("submit", row.state in ("draft", "returned")),
        ("approve", judges and row.state == "submitted"),
        ("return", judges and row.state == "submitted"),
        ("consent", row.state in ("draft", "submitted", "returned")),
        ("sign", judges and row.approved_as == "oral_consent" and row.countersigned_at is None),
        ("stop", row.state in ("approved", "issued", "playing")),
        ("drop", row.state in ("draft", "submitted", "returned")),
        ("verify", row.state in ("issued", "playing", "finished", "stopped")),
    ]
    return [act for act, offered in offers if offered]
