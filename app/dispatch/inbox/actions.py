"""Take notices in and judge them. None of them opens an incident by itself."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.actions.incidents import Draft, open_incident
from app.dispatch.actions.permission import actor, incident_for_command, require
from app.dispatch.actions.tell import Learned, told_of
from app.dispatch.attachments import store as attachments
from app.dispatch.commands import IncidentIn, earlier
from app.dispatch.exercise import store as parties
from app.dispatch.exercise.apart import check_same_drill
from app.dispatch.facts import Caller, IncidentFact
from app.dispatch.inbox import store
from app.dispatch.inbox.commands import IntakeNoticeIn, JoinIn, LinkedPartnerIn
from app.dispatch.inbox.events import IntakeNoticeChanged, LinkedPartnerChanged
from app.dispatch.inbox.facts import (
    IntakeNoticeFact,
    LinkedPartnerFact,
    NewPartner,
    NoticeReceipt,
    NoticeSource,
)
from app.dispatch.inbox.refusals import NoticeJudged, SameIdOtherContent, UnknownPartner
from app.dispatch.inbox.tables import IntakeNotice, Partner
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.store import incidents
from app.filing.rules.numbers import marked
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, require_for_county
from app.refusals import FieldFault, InvalidInput, NotFound

MOST_CALLERS = 20


@dataclass(frozen=True, slots=True)
class Sender:
    """Who tells: the county, the way it comes, the partner or the account."""

    stream: str
    source: NoticeSource
    name: str
    phone: str = ""
    partner_id: int | None = None
    by: Viewer | None = None
    drill_id: int | None = None


async def receive(
    tx: Tx, sender: Sender, told: IntakeNoticeIn, now: datetime
) -> tuple[IntakeNoticeFact, bool]:
    """Take a notice in; the same one under the same number again changes nothing.

    Returns it, and whether it was known. Raises SameIdOtherContent, InvalidInput for an unknown code.
    """
    digest = hashlib.sha256(
        told.model_dump_json(exclude={"told_at", "channel", "voucher"}).encode()
    ).hexdigest()
    if told.their_id is not None:
        known = await store.known(tx, sender.stream, sender.source, sender.partner_id, told.their_id)
        if known is not None:
            if known.content_hash != digest:
                raise SameIdOtherContent
            return await store.fact(tx, known.id or 0), True
    await _known_codes(tx, sender, told)
    told_at = earlier(told.told_at, now)
    row = IntakeNotice(
        stream=sender.stream,
        source=sender.source,
        from_name=told.from_name or sender.name,
        from_phone=told.from_phone or sender.phone,
        partner_id=sender.partner_id,
        content_hash=digest,
        drill_id=sender.drill_id,
        readers=await parties.readers(tx, sender.drill_id),
        title=marked(told.title or told.text[:40], drill=sender.drill_id is not None),
        happened_at=min(told.happened_at, told_at) if told.happened_at else None,
        told_at=told_at,
        received_at=now,
        entered_by=sender.by.name if sender.by else sender.name,
        account_id=sender.by.account_id if sender.by else None,
        **told.model_dump(include=_COPIED),
    )
    tx.add(row)
    await tx.flush()
    fact = await store.fact(tx, row.id or 0)
    event = IntakeNoticeChanged(type="intake.received", notice=fact)
    entry = journal.Entry(event, _concern(row))
    await journal.append(tx, sender.stream, now, [entry], actor(sender.by) if sender.by else None)
    return fact, False


_COPIED = {
    "their_id",
    "text",
    "event_code",
    "region_code",
    "address",
    "lon",
    "lat",
    "accuracy_m",
    "channel",
    "voucher",
}


async def _known_codes(tx: Tx, sender: Sender, told: IntakeNoticeIn) -> None:
    if told.region_code is not None:
        region = await org.region(tx, told.region_code)
        if region is None or not told.region_code.startswith(sender.stream):
            raise InvalidInput(
                FieldFault(
                    "region_code",
                    f"没有区划代码 {told.region_code},不明确时请留空并写明地点",
                    f"no region {told.region_code}: leave it out and say the place in words",
                )
            )
    if told.event_code is not None and await incidents.event_type(tx, "CN-EVENT-5", told.event_code) is None:
        raise InvalidInput(
            FieldFault(
                "event_code",
                f"没有事件类型 {told.event_code},不明确时请留空",
                f"no event type {told.event_code}: leave it out when unsure",
            )
        )


def _concern(row: IntakeNotice) -> Concern:
    return Concern((row.region_code or row.stream.ljust(12, "0"),), readers=tuple(row.readers))


async def receipt(tx: Tx, sender: Sender, told: IntakeNoticeIn, now: datetime) -> NoticeReceipt:
    """Take a partner's notice in and return what the partner gets back."""
    fact, known = await receive(tx, sender, told, now)
    return NoticeReceipt(
        id=fact.id,
        their_id=fact.their_id or "",
        state=fact.state,
        received_at=fact.received_at,
        known=known,
    )


async def _waiting(tx: Tx, by: Viewer, notice_id: int) -> IntakeNotice:
    """Return a notice that waits, locked. Raises NotFound, NoticeJudged, NotPermitted."""
    require(by, "command")
    if await store.visible(tx, by, notice_id) is None:
        raise NotFound("该来报", "notice")
    row = await store.locked(tx, notice_id)
    assert row is not None
    await parties.check_acts(tx, by, row.drill_id)
    if row.state != "waiting":
        raise NoticeJudged(row.judged_by or "")
    return row


async def open_from(
    tx: Tx, by: Viewer, notice_id: int, told: IncidentIn, now: datetime, zone: ZoneInfo
) -> IncidentFact:
    """Judge a notice to be an incident and open it as the person filled the form in."""
    row = await _waiting(tx, by, notice_id)
    told_regions = [row.region_code] if row.region_code else []
    draft = Draft(
        **{name: getattr(told, name) for name in _FROM_FORM},
        source="superior" if row.source in ("superior", "warning") else "partner",
        callers=told.callers or [_caller(row)],
        occurred_at=told.occurred_at or row.happened_at,
        received_at=row.told_at,
        told_regions=told_regions,
        drill_id=row.drill_id,
    )
    incident, learned = await open_incident(tx, by, draft, now, zone)
    assert incident.id is not None
    await attachments.join(tx, notice_id, incident.id)
    fact, entries = await told_of(tx, by, incident, ["incident.opened", *learned], now)
    await _judge(tx, by, row, "opened", now, incident_id=incident.id, before=entries)
    return fact


_FROM_FORM = (
    "event_scheme",
    "event_code",
    "title",
    "initial_level",
    "life_threat",
    "region_code",
    "address",
    "lon",
    "lat",
    "description",
    "casualties",
)


def _caller(row: IntakeNotice) -> Caller:
    return Caller(name=row.from_name, phone=row.from_phone, words=(row.text or row.title)[:1000])


async def join(tx: Tx, by: Viewer, notice_id: int, told: JoinIn, now: datetime) -> IntakeNoticeFact:
    """Judge a notice to tell of an incident that is open: its sender becomes one of its callers."""
    row = await _waiting(tx, by, notice_id)
    incident = await incident_for_command(tx, by, told.incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "amend")
    check_same_drill(row.drill_id, incident.drill_id)
    if len(incident.callers) < MOST_CALLERS:
        incident.callers = [*incident.callers, _caller(row).model_dump(mode="json")]
    incident.version += 1
    assert incident.id is not None
    await attachments.join(tx, notice_id, incident.id)
    learned = Learned(
        "incident.notice_joined",
        f"{row.from_name}来报并入:{row.title}",
        f"notice of {row.from_name} joined: {row.title}",
    )
    _, entries = await told_of(tx, by, incident, [learned], now)
    return await _judge(tx, by, row, "joined", now, told.note, incident_id=incident.id, before=entries)


async def dismiss(tx: Tx, by: Viewer, notice_id: int, reason: str, now: datetime) -> IntakeNoticeFact:
    """Judge a notice to be no incident, with a reason that stays."""
    row = await _waiting(tx, by, notice_id)
    return await _judge(tx, by, row, "dismissed", now, reason)


async def _judge(
    tx: Tx,
    by: Viewer,
    row: IntakeNotice,
    state: str,
    now: datetime,
    reason: str = "",
    *,
    incident_id: int | None = None,
    before: list[journal.Entry] | None = None,
) -> IntakeNoticeFact:
    row.state, row.judged_by, row.judged_at = state, by.name, now
    row.reason, row.incident_id = reason, incident_id
    await tx.flush()
    fact = await store.fact(tx, row.id or 0)
    concern = before[0].concern if before else _concern(row)
    event = IntakeNoticeChanged(type=f"intake.{state}", notice=fact)
    entry = journal.Entry(event, concern, incident_id)
    await journal.append(tx, by.stream, now, [*(before or []), entry], actor(by))
    return fact


async def let_in(tx: Tx, by: Viewer, told: LinkedPartnerIn, now: datetime) -> NewPartner:
    """Let a partner send notices; its secret is told this once. The county's own people only."""
    require_for_county(by, "manage_people")
    row = Partner(
        stream=by.stream,
        key=secrets.token_hex(8),
        name_zh=told.name_zh,
        secret=secrets.token_urlsafe(32),
        made_by=by.name,
        made_at=now,
    )
    tx.add(row)
    await tx.flush()
    fact = store.partner_fact(row)
    await _tell_partner(tx, by, "intake.partner_made", fact, now)
    return NewPartner(**fact.model_dump(), secret=row.secret)


async def shut_out(tx: Tx, by: Viewer, partner_id: int, now: datetime) -> LinkedPartnerFact:
    """Let a partner send no more notices. Raises NotFound."""
    require_for_county(by, "manage_people")
    row = await store.partner(tx, by.stream, partner_id)
    if row is None or row.revoked_at is not None:
        raise NotFound("该联动单位", "partner")
    row.revoked_at, row.revoked_by = now, by.name
    await tx.flush()
    fact = store.partner_fact(row)
    await _tell_partner(tx, by, "intake.partner_revoked", fact, now)
    return fact


async def _tell_partner(tx: Tx, by: Viewer, event_type: str, fact: LinkedPartnerFact, now: datetime) -> None:
    event = LinkedPartnerChanged(type=event_type, partner=fact)
    concern = Concern((by.stream.ljust(12, "0"),), restricted=True)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))


async def partner_of(tx: Tx, key: str) -> Partner:
    """Return the partner of a key. Raises UnknownPartner."""
    row = await store.partner_by_key(tx, key)
    if row is None:
        raise UnknownPartner
    return row
