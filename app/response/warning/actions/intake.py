"""A message of a warning comes in, by whatever way: kept as it came, judged, put into its chain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.codecs.findings import Finding
from app.db import Tx
from app.org.rules.access import Viewer
from app.response.warning.actions.settling import note, settle, tell
from app.response.warning.facts import MessageMeans, WarningFinding, WarningReceipt
from app.response.warning.rules.affected import affected
from app.response.warning.rules.bulletin import Bulletin, event_named
from app.response.warning.rules.chain import keys_of
from app.response.warning.rules.inlet import Read, box_of, foreign, read, same_name, told
from app.response.warning.store import chains, messages
from app.response.warning.tables import WarningChain, WarningMessage
from app.response.warning.telling import bulletin_of, units_of

Outcome = Literal["taken", "doubtful", "copy", "refused"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a message came: from which source (None: a person brought it), for whom it may speak."""

    stream: str
    means: MessageMeans
    name: str
    source_id: int | None = None
    senders: tuple[str, ...] = ()
    by: Viewer | None = None


@dataclass(slots=True)
class _Judged:
    """What was made of the bytes."""

    read: Read
    outcome: Outcome
    findings: list[Finding] = field(default_factory=list)
    same: WarningMessage | None = None


async def receive(tx: Tx, how: Arrival, data: bytes, now: datetime) -> WarningReceipt:
    """Take a message in. The same bytes again, by whatever way, are the same message and change nothing.

    What breaks rules, or comes from a source that may not speak for its sender, waits for a person; what
    cannot be understood is kept and refused, with every finding.
    """
    await chains.hold(tx, how.stream)
    digest = hashlib.sha256(data).hexdigest()
    known = await messages.of_bytes(tx, how.stream, digest)
    if known is not None:
        return receipt(known, known=True)
    places = await chains.places(tx, how.stream)
    found = read(data, box_of(places))
    return await keep(tx, how, found, data, now)


async def keep(tx: Tx, how: Arrival, found: Read, data: bytes, now: datetime) -> WarningReceipt:
    """Keep a message that was read, and let it take its place. The county is held by the caller."""
    judged = await _judge(tx, how, found)
    row = WarningMessage(
        stream=how.stream,
        source_id=how.source_id,
        source_name=how.name,
        means=how.means,
        format=found.kind,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        data=data,
        findings=[told(one) for one in judged.findings],
        outcome=judged.outcome,
        received_at=now,
        entered_by=how.by.name if how.by else "",
        vouched=True if how.means == "form" else None,
    )
    if found.bulletin is not None:
        await _understood(tx, row, found.bulletin)
    if judged.same is not None:
        row.warning_id = judged.same.warning_id
    tx.add(row)
    await tx.flush()
    if judged.outcome == "refused" or found.bulletin is None:
        await note(tx, row, None, "warning.message_refused", now, how.by)
    elif judged.outcome == "copy":
        await note(tx, row, await _chain(tx, row), "warning.message_kept", now, how.by)
    else:
        await join(tx, row, found.bulletin, now, how.by)
    return receipt(row, known=False)


async def _judge(tx: Tx, how: Arrival, found: Read) -> _Judged:
    judged = _Judged(found, "taken" if found.sound else "doubtful", list(found.findings))
    said = found.bulletin
    if said is None:
        judged.outcome = "refused"
        return judged
    if (strange := foreign(said, how.senders)) is not None:
        judged.findings.insert(0, strange)
        judged.outcome = "doubtful"
    before = await messages.of_identifier(tx, how.stream, said.identifier)
    same = [one for one in before if bulletin_of(one).identity == said.identity]
    for one in same:
        if one.outcome == "doubtful" and one.vouched is None and found.sound:
            one.vouched, one.vouch_reason = False, "已收到更正后的消息"  # mended and sent again
            same = []
    if same and same[0].format != said.format:
        judged.outcome, judged.same = "copy", same[0]
    elif same:
        judged.findings.insert(0, same_name(said))
        judged.outcome = "refused"
    return judged


async def _understood(tx: Tx, row: WarningMessage, said: Bulletin) -> None:
    known = await chains.event_names(tx)
    code = said.event_code or event_named(said.title or said.event_name, known)
    named = known.get(code, said.event_name)
    said = said.model_copy(update={"event_code": code, "event_name": named})
    places = await chains.places(tx, row.stream)
    row.identifier, row.sender = said.identifier, said.sender
    row.bulletin = said.model_dump(mode="json")
    row.units = units_of(affected(said.areas, places, row.stream)).model_dump(mode="json")


async def _chain(tx: Tx, row: WarningMessage) -> WarningChain | None:
    return await chains.locked(tx, row.stream, row.warning_id) if row.warning_id else None


async def join(tx: Tx, row: WarningMessage, said: Bulletin, now: datetime, by: Viewer | None) -> None:
    """Put a message into its chain, joining chains that it shows to be one; tell what became of it."""
    keys = keys_of(said)
    tied = await chains.tied(tx, row.stream, keys)
    chain = tied[0] if tied else _begun(row, said, now)
    if not tied:
        tx.add(chain)
        await tx.flush()
    assert chain.id is not None
    for other in tied[1:]:
        await messages.move(tx, other.id or 0, chain.id)
        chain.concern = sorted({*chain.concern, *other.concern})
        keys |= frozenset(other.keys)
        other.merged_into, other.keys = chain.id, []
    chain.keys = sorted({*chain.keys, *keys})
    row.warning_id = chain.id
    await tx.flush()
    turned, diff, how = await settle(tx, chain, now)
    if turned is not None:
        await tell(tx, chain, turned, diff, now, by)
    if how.states.get(row.id or 0) == "waiting":
        await note(tx, row, chain, "warning.message_waits", now, by)
    elif turned is None:
        await note(tx, row, chain, "warning.message_kept", now, by)


def _begun(row: WarningMessage, said: Bulletin, now: datetime) -> WarningChain:
    """Return a chain in which nothing stands yet."""
    return WarningChain(
        stream=row.stream,
        standing="lifted",
        status=said.status,
        title=said.title,
        issued_at=said.sent,
        effective=said.effective,
        expires=said.expires,
        concern=[row.stream.ljust(12, "0")],
        first_at=now,
        changed_at=now,
    )


def receipt(row: WarningMessage, *, known: bool) -> WarningReceipt:
    """Return what a source gets back."""
    return WarningReceipt(
        id=row.id or 0,
        outcome=row.outcome,
        warning_id=row.warning_id,
        sha256=row.sha256,
        findings=[WarningFinding.model_validate(one) for one in row.findings],
        known=known,
    )
