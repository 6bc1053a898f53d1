"""Three signatures: when the last one is given the desk belongs to the incoming team, at that second."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.handover.actions.guard import concern_of, head_of, sheet_for_work
from app.desk.handover.actions.refusals import HasOwnAccount, ItemsOpen, NotSigner, SignedAlready
from app.desk.handover.actions.sheet import catch_up
from app.desk.handover.commands import SignIn
from app.desk.handover.events import HandoverCompleted, HandoverSigned
from app.desk.handover.facts import HandoverHead, SignatureFact, SignerFact
from app.desk.handover.rules.signing import PARTS, Signed, complete, signers
from app.desk.handover.rules.team import Member
from app.desk.handover.store import matters, sheets
from app.desk.handover.store.sheets import as_member
from app.desk.handover.tables import Handover, HandoverSignature
from app.duty.ownership.actions import take_over
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput


async def sign(
    tx: Tx, by: Viewer, handover_id: int, told: SignIn, now: datetime, zone: ZoneInfo
) -> HandoverHead:
    """Give one of the three signatures; the last one moves the desk. Reaction times run on as they are.

    Raises ItemsOpen with the items nobody has ticked, NotSigner, SignedAlready, HasOwnAccount,
    HandoverOver, InvalidInput when a typed signature gives no reason.
    """
    row, post = await sheet_for_work(tx, by, handover_id)
    entries = await catch_up(tx, row, now, zone)
    await _require_all_ticked(tx, handover_id)
    members = [as_member(member) for member in await sheets.member_rows(tx, handover_id)]
    signature = await _signature(tx, by, row, members, told, now)
    tx.add(signature)
    concern = concern_of(post)
    signed = HandoverSigned(
        type="handover.signed",
        handover_id=handover_id,
        post_id=row.post_id,
        signature=SignatureFact.model_validate(signature.model_dump(exclude={"handover_id"})),
    )
    entries.append(journal.Entry(signed, concern))
    await tx.flush()
    standing = [Signed(s.part, s.person_id) for s in await sheets.signatures(tx, handover_id)]
    if complete(standing):
        (lead,) = (signed_by.person_id for signed_by in standing if signed_by.part == "incoming")
        entries.append(journal.Entry(await _complete(tx, by, row, lead, now), concern))
    await journal.append(tx, row.stream, now, entries, actor(by))
    return await head_of(tx, row)


async def _require_all_ticked(tx: Tx, handover_id: int) -> None:
    rows = await sheets.items(tx, handover_id)
    waiting = [(row.key, row.zh, row.en) for row in rows if row.gone_at is None and row.ticked_at is None]
    if waiting:
        raise ItemsOpen(waiting)


async def _signature(
    tx: Tx, by: Viewer, row: Handover, members: list[Member], told: SignIn, now: datetime
) -> HandoverSignature:
    assert row.id is not None
    person_id = told.person_id if told.person_id is not None else by.person_id
    if person_id is None or person_id not in signers(told.part, members):
        raise NotSigner
    if any(s.part == told.part or s.person_id == person_id for s in await sheets.signatures(tx, row.id)):
        raise SignedAlready
    name, has_account = (await sheets.accounts_of(tx, row.stream, [person_id]))[person_id]
    typed = person_id != by.person_id
    if typed and has_account:
        raise HasOwnAccount
    if typed and not told.reason:
        raise InvalidInput(FieldFault("reason", "代录签字须写明原因", "a typed signature needs a reason"))
    return HandoverSignature(
        handover_id=row.id,
        part=told.part,
        person_id=person_id,
        person_name=name,
        typed_by=by.name if typed else None,
        reason=told.reason,
        signed_at=now,
    )


async def _complete(tx: Tx, by: Viewer, row: Handover, lead: int, now: datetime) -> HandoverCompleted:
    """Close the sheet and what held for this hand-over only; the desk moves."""
    row.state, row.completed_at = "completed", now
    for matter in await matters.passing(tx, row.post_id):
        matter.closed_by, matter.closed_at = by.name, now
    assert row.id is not None
    team = [m.person_id for m in await sheets.member_rows(tx, row.id) if m.side == "incoming"]
    owner = await take_over(tx, row.stream, row.post_id, lead, team, now)
    return HandoverCompleted(type="handover.completed", handover=await head_of(tx, row), owner=owner)


async def signers_now(tx: Tx, stream: str, handover_id: int) -> list[SignerFact]:
    """Return who may sign which part now."""
    members = [as_member(member) for member in await sheets.member_rows(tx, handover_id)]
    wanted = [(part, person) for part in PARTS for person in signers(part, members)]
    known = await sheets.accounts_of(tx, stream, [person for _, person in wanted])
    return [
        SignerFact(part=part, person_id=person, name=known[person][0], has_account=known[person][1])
        for part, person in wanted
        if person in known
    ]
