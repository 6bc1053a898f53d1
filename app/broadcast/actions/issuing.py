"""A sheet leaves: it gets its EBMID, its terminals' rows, and a row of the outbox for each platform."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.broadcast.actions.telling import tell
from app.broadcast.beside.tables import BroadcastFile
from app.broadcast.refusals import NobodyCarries, NumbersUsedUp
from app.broadcast.rules import coverage
from app.broadcast.settings import BroadcastTerms
from app.broadcast.shapes import Payload, PayloadContent, PayloadVoice
from app.broadcast.store import messages, outgoing, places
from app.broadcast.tables import BroadcastHandover, BroadcastMessage
from app.codecs.ebm.identifiers import message_id
from app.codecs.ebm.message import MsgType
from app.db import Tx
from app.filing.store.series import next_running
from app.org.rules.access import Viewer

LAST_NUMBER = 9_999
LAST_OF_ALERTS = 9_499
"""What is left of a day's numbers after it is kept for stops: what sounds can always be silenced."""
STOPS_KEEP_TRYING = timedelta(hours=1)


async def mint(tx: Tx, stream: str, now: datetime, terms: BroadcastTerms, *, stops: bool) -> str:
    """Return the next EBMID of today: 0001 to 9999 without gap or double, held until commit.

    The last 500 are given to stops only. Raises NumbersUsedUp.
    """
    day = now.astimezone(terms.zone).date()
    series = f"ebm:{terms.resource_code}:{day:%Y%m%d}"
    running = await next_running(tx, stream, series, day.year)
    if running > (LAST_NUMBER if stops else LAST_OF_ALERTS):
        raise NumbersUsedUp
    return message_id(terms.resource_code, day, running)


async def issue(
    tx: Tx, row: BroadcastMessage, now: datetime, terms: BroadcastTerms, by: Viewer | None = None
) -> None:
    """Let a sheet that was approved leave. Raises NobodyCarries, NumbersUsedUp; the caller holds the row."""
    villages = await messages.targets(tx, row.id or 0)
    terminals = await places.loudspeakers(tx, row.stream, villages)
    if row.drill:  # what was marked when it was written may be unmarked now
        villages = coverage.for_drill(villages, terminals)
        terminals = [one for one in terminals if one.region_code in set(villages)]
    carriers = await places.carriers(tx, row.stream)
    shares = coverage.shared_out(villages, terminals, carriers, drill=row.drill)
    if not shares:
        raise NobodyCarries(drill=row.drill)
    await number(tx, row, now, terms)
    await _count(tx, row, coverage.covered(villages, terminals))
    await outgoing.expect(tx, row.id or 0, [one.id for one in terminals])
    related = await _related(tx, row)
    await hand_over(tx, row, shares, related, now, row.end_at)
    await tell(tx, row, "broadcast.issued", now, by)


async def number(tx: Tx, row: BroadcastMessage, now: datetime, terms: BroadcastTerms) -> None:
    """Give a sheet its EBMID; one that waited for its approval starts now, its open window moves along."""
    stops = row.msg_type == MsgType.CANCEL
    row.ebmid = await mint(tx, row.stream, now, terms, stops=stops)
    row.issued_at, row.state = now, "issued"
    if row.start_at < now:
        if row.scope.get("floating"):
            row.end_at = now + (row.end_at - row.start_at)
        row.start_at = now
    await tx.flush()


async def hand_over(
    tx: Tx,
    row: BroadcastMessage,
    shares: dict[int, list[str]],
    related: str,
    now: datetime,
    give_up_at: datetime,
) -> None:
    """Write the outbox: what each platform is given."""
    voice = await _voice(tx, row)
    for peer_id, areas in sorted(shares.items()):
        payload = payload_of(row, areas, related, voice, now)
        tx.add(
            BroadcastHandover(
                stream=row.stream,
                message_id=row.id or 0,
                peer_id=peer_id,
                payload=payload.model_dump(mode="json"),
                queued_at=now,
                next_at=now,
                give_up_at=give_up_at,
            )
        )
    await tx.flush()


def payload_of(
    row: BroadcastMessage, areas: Iterable[str], related: str, voice: PayloadVoice | None, now: datetime
) -> Payload:
    """Return the facts an EBM is made of."""
    places_ = tuple(areas)
    spoken = [{"language": row.language, "title": row.title, "text": row.text}, *row.more_texts]
    return Payload(
        ebmid=row.ebmid or "",
        related_ebmid=related,
        msg_type=row.msg_type,
        drill=row.drill,
        sender_name=row.sender,
        sender_code=row.sender_code,
        sent_at=now,
        event_type=row.event_type,
        severity=row.severity,
        start_at=row.start_at,
        end_at=row.end_at,
        repeats=row.repeats,
        interval_s=row.interval_s,
        contents=tuple(PayloadContent(**one, areas=places_) for one in spoken),
        voice=voice,
    )


async def _related(tx: Tx, row: BroadcastMessage) -> str:
    if row.replaces_id is None:
        return ""
    before = await tx.get(BroadcastMessage, row.replaces_id)
    return (before.ebmid or "") if before else ""


async def _voice(tx: Tx, row: BroadcastMessage) -> PayloadVoice | None:
    file = None if row.voice_id is None else await tx.get(BroadcastFile, row.voice_id)
    if file is None:
        return None
    return PayloadVoice(
        file_id=file.id or 0,
        name=file.name,
        form=file.form,
        sha256=file.sha256,
        size=file.size,
        seconds=file.seconds,
    )


async def _count(tx: Tx, row: BroadcastMessage, found: coverage.Coverage) -> None:
    """Keep what was known of coverage when it left."""
    row.check_before = {
        "terminals": found.terminals,
        "live": found.live,
        "offline": found.offline,
        "fault": found.fault,
        "single": [one.region_code for one in found.villages if one.cover == "single"],
        "dead": [one.region_code for one in found.villages if one.cover in ("dead", "none")],
    }
    await outgoing.count(tx, row.id or 0, found.villages)
