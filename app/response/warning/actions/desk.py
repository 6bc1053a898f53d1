"""What people do about warnings: acknowledge, judge what waits, type one in, declare its key period."""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime, timedelta

from app.db import Tx
from app.duty.declared import actions as declared
from app.duty.declared.commands import DeclaredPeriodIn
from app.duty.declared.facts import DeclaredPeriodFact
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted
from app.response.warning.actions.intake import Arrival, keep
from app.response.warning.actions.settling import note, settle, tell
from app.response.warning.commands import WarningIn, WarningPeriodIn, WarningVouchIn
from app.response.warning.facts import WarningBrief, WarningFact, WarningReceipt
from app.response.warning.refusals import NoKeyPeriod, NothingToJudge, NotReal, WarningOver
from app.response.warning.rules.bulletin import LIFETIME, Bulletin, Reference, Where, marked
from app.response.warning.rules.chain import stand
from app.response.warning.rules.inlet import Read
from app.response.warning.store import chains, messages
from app.response.warning.tables import WarningChain
from app.response.warning.telling import bulletin_of, links_of, whole

_COLOURS = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}


async def acknowledge(tx: Tx, by: Viewer, warning_id: int, now: datetime) -> WarningBrief:
    """Note that a desk has taken notice of what a warning says now. Raises NotFound."""
    require(by, "command")
    row = await _visible_locked(tx, by, warning_id)
    desk = chains.desk_of(by)
    if any(one["region_code"] == desk for one in row.acks):
        return chains.brief(row)
    row.acks = [*row.acks, {"region_code": desk, "by": by.name, "at": now.isoformat()}]
    await tx.flush()
    await tell(tx, row, "warning.acknowledged", None, now, by)
    return chains.brief(row)


async def vouch(tx: Tx, by: Viewer, message_id: int, told: WarningVouchIn, now: datetime) -> WarningFact:
    """Judge a message that waits: it counts from now on, or it does not. The county's desk only.

    Raises NotFound, NotPermitted, NothingToJudge.
    """
    _must_be_the_county(by)
    await chains.hold(tx, by.stream)
    message = await messages.locked(tx, by.stream, message_id)
    if message is None or message.warning_id is None:
        raise NotFound("该预警消息", "message of a warning")
    row = await chains.locked(tx, by.stream, message.warning_id)
    assert row is not None
    if message_id not in stand(links_of(await messages.of_chain(tx, row.id or 0))).waiting:
        raise NothingToJudge
    message.vouched, message.vouched_by, message.vouched_at = told.accept, by.name, now
    message.vouch_reason = told.reason
    await tx.flush()
    turned, diff, _ = await settle(tx, row, now)
    await note(
        tx,
        message,
        row,
        "warning.message_vouched" if told.accept else "warning.message_rejected",
        now,
        by,
    )
    if turned is not None:
        await tell(tx, row, turned, diff, now, by)
    return whole(row, await messages.of_chain(tx, row.id or 0))


async def enter(tx: Tx, by: Viewer, told: WarningIn, now: datetime) -> WarningReceipt:
    """Type a warning in, or an update or a cancel of one; a person answers for it. The county's desk only.

    Raises NotPermitted, NotFound, InvalidInput for a place that is none.
    """
    _must_be_the_county(by)
    await chains.hold(tx, by.stream)
    places = {one.code: one.name for one in await chains.places(tx, by.stream)}
    county = by.stream.ljust(12, "0")
    for code in told.region_codes:
        if code not in places and code != county:
            raise InvalidInput(
                FieldFault("region_codes", f"没有区划代码 {code}", f"there is no region {code}")
            )
    of = await _visible_locked(tx, by, told.of) if told.of else None
    said = await _typed(tx, by, told, of, now)
    names = "、".join(places.get(code, "全县") for code in told.region_codes)
    area = Where(desc=names[:200], codes=tuple(told.region_codes))
    said = said.model_copy(update={"areas": (area,) if told.region_codes else ()})
    data = json.dumps(said.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()
    how = Arrival(by.stream, "form", by.name, by=by)
    return await keep(tx, how, Read("form", said, ()), data, now)


async def _typed(tx: Tx, by: Viewer, told: WarningIn, of: WarningChain | None, now: datetime) -> Bulletin:
    sent = min(told.sent or now, now)
    references: tuple[Reference, ...] = ()
    status = told.status
    code, subject = told.event_type, ""
    if of is not None:
        rows = await messages.of_chain(tx, of.id or 0)
        current = next((bulletin_of(row) for row in rows if row.id == of.message_id), None)
        if current is None:
            raise NotFound("该预警", "warning")
        references = (Reference(sender=current.sender, identifier=current.identifier, sent=current.sent),)
        subject = current.subject
        status = current.status
        code = code or current.event_code
        sent = max(sent, current.sent + timedelta(seconds=1))
    names = await chains.event_names(tx)
    title = told.title or of_title(told, names.get(code, ""))
    return Bulletin(
        format="form",
        sender=f"{by.stream}.desk",
        identifier=f"{by.stream}-{now:%Y%m%d%H%M%S}-{secrets.token_hex(4)}",
        sent=sent,
        status=status,
        kind=told.kind,
        references=references,
        subject=subject,
        event_code=code,
        event_name=names.get(code, ""),
        colour=told.colour,
        title=title or (of.title if of else ""),
        text=told.text,
        instruction=told.instruction,
        issuer=told.issuer,
        effective=told.effective or sent,
        expires=told.expires or sent + LIFETIME,
        expires_assumed=told.expires is None,
    )


def of_title(told: WarningIn, hazard: str) -> str:
    """Return the title of a warning that was typed without one: 市气象台发布暴雨红色预警."""
    if not hazard:
        return ""
    verb = {"alert": "发布", "update": "变更", "cancel": "解除"}[told.kind]
    return f"{told.issuer}{verb}{hazard}{_COLOURS.get(told.colour or '', '')}预警"


async def declare_period(
    tx: Tx, by: Viewer, warning_id: int, told: WarningPeriodIn, now: datetime, today: date
) -> DeclaredPeriodFact:
    """Declare the key period that a warning proposes, as the county's leader.

    Raises NotFound, NotReal for a drill, WarningOver, NoKeyPeriod, NotPermitted.
    """
    row = await _visible_locked(tx, by, warning_id)
    if row.status != "actual":
        raise NotReal
    if row.standing != "in_force":
        raise WarningOver
    if row.colour not in ("red", "orange"):
        raise NoKeyPeriod
    reason = f"{marked(row.title, row.status)}:{told.reason}"[:500]
    period = DeclaredPeriodIn(kind="warning", colour=row.colour, first=today, reason=reason)
    return await declared.declare(tx, by, period, now, today)


async def _visible_locked(tx: Tx, by: Viewer, warning_id: int) -> WarningChain:
    seen = await chains.visible(tx, by, warning_id)
    row = await chains.locked(tx, by.stream, seen.id or 0) if seen else None
    if row is None:
        raise NotFound("该预警", "warning")
    return row


def _must_be_the_county(by: Viewer) -> None:
    require(by, "command")
    if by.scope != by.stream:
        raise NotPermitted
