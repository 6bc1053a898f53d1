"""The circular on a finished check: drafted, edited, signed, issued, acknowledged by every unit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.duty.roster.answering import answering
from app.duty.spot_check.actions.access import centre_only, own_desk, require_at_centre
from app.duty.spot_check.actions.refusals import CircularFixed, CircularNotReady, StaleCircular
from app.duty.spot_check.commands import CircularIn
from app.duty.spot_check.events import CircularChanged, CircularReceived
from app.duty.spot_check.facts import CircularDetail, CircularFact, ReceiptFact
from app.duty.spot_check.rules.circular import TITLE, Case, Results
from app.duty.spot_check.rules.circular import draft as written
from app.duty.spot_check.settings import Scoring
from app.duty.spot_check.store import campaigns, circulars, findings
from app.duty.spot_check.tables import SpotCheck, SpotCircular, SpotReceipt
from app.journal import store as journal
from app.journal.concern import Concern
from app.org.rules.access import Viewer, actor, require
from app.refusals import NotFound

_Type = Literal[
    "spot_check.circular_drafted",
    "spot_check.circular_edited",
    "spot_check.circular_signed",
    "spot_check.circular_issued",
]


async def draft(
    tx: Tx, by: Viewer, spot_check_id: int, now: datetime, zone: ZoneInfo, scoring: Scoring
) -> CircularDetail:
    """Write the circular from the results, in the place of a draft that stands.

    Raises NotFound, NotPermitted, CircularNotReady, CircularFixed.
    """
    require_at_centre(by)
    check = await _check(tx, by, spot_check_id)
    if check.state != "finished":
        raise CircularNotReady("请先结束抽查", "finish the check first")
    row = await circulars.locked(tx, spot_check_id)
    if row is not None and row.state != "draft":
        raise CircularFixed
    body = written(await _results(tx, check, scoring), zone)
    if row is None:
        row = SpotCircular(
            spot_check_id=spot_check_id, title=TITLE, body=body, drafted_by=by.name, drafted_at=now
        )
        tx.add(row)
    else:
        row.title, row.body, row.version = TITLE, body, row.version + 1
        row.drafted_by, row.drafted_at = by.name, now
    return await _tell(tx, by, row, "spot_check.circular_drafted", now)


async def edit(tx: Tx, by: Viewer, spot_check_id: int, told: CircularIn, now: datetime) -> CircularDetail:
    """Change the words. Raises NotFound, NotPermitted, CircularFixed, StaleCircular."""
    require_at_centre(by)
    row = await _circular(tx, by, spot_check_id)
    if row.state != "draft":
        raise CircularFixed
    if row.version != told.version:
        raise StaleCircular
    row.title, row.body, row.version = told.title, told.body, row.version + 1
    row.drafted_by, row.drafted_at = by.name, now
    return await _tell(tx, by, row, "spot_check.circular_edited", now)


async def sign(tx: Tx, by: Viewer, spot_check_id: int, version: int, now: datetime) -> CircularDetail:
    """Sign the text that was read. Raises NotFound, NotPermitted, CircularFixed, StaleCircular."""
    require_at_centre(by, "approve_duty")
    row = await _circular(tx, by, spot_check_id)
    if row.state != "draft":
        raise CircularFixed
    if row.version != version:
        raise StaleCircular
    row.state, row.signed_by, row.signed_at = "signed", by.name, now
    return await _tell(tx, by, row, "spot_check.circular_signed", now)


async def issue(tx: Tx, by: Viewer, spot_check_id: int, now: datetime) -> CircularDetail:
    """Send it to every unit that could have been drawn. Raises NotFound, NotPermitted, CircularNotReady."""
    require_at_centre(by)
    row = await _circular(tx, by, spot_check_id)
    if row.state == "draft":
        raise CircularNotReady("通报须先由领导签发", "a leader has to sign the circular first")
    if row.state == "issued":
        raise CircularNotReady("通报已经下发", "the circular was issued already")
    pool = await campaigns.pool_of(tx, spot_check_id)
    tx.add_all(SpotReceipt(spot_check_id=spot_check_id, post_id=post_id) for post_id in pool)
    row.state, row.issued_by, row.issued_at = "issued", by.name, now
    detail = await _tell(tx, by, row, "spot_check.circular_issued", now)
    await _ask_for_receipts(tx, by, detail, now)
    return detail


async def receive(tx: Tx, by: Viewer, spot_check_id: int, now: datetime) -> list[ReceiptFact]:
    """Acknowledge it for one's own desk; twice changes nothing. Raises NotFound, NotPermitted."""
    require(by, "command")
    await _check(tx, by, spot_check_id)
    owed = [
        one for one in await circulars.receipts(tx, spot_check_id, by.scope) if own_desk(by, one.region_code)
    ]
    if not owed:
        raise NotFound("该通报", "circular")
    entries = []
    for one in owed:
        row = await circulars.locked_receipt(tx, spot_check_id, one.post_id)
        if row is not None and row.received_at is None:
            row.received_by, row.received_at = by.name, now
            await tx.flush()
            (fact,) = await circulars.receipts(tx, spot_check_id, by.scope, one.post_id)
            event = CircularReceived(type="spot_check.circular_received", receipt=fact)
            entries.append(journal.Entry(event, Concern((fact.region_code,))))
    told = [
        one for one in await circulars.receipts(tx, spot_check_id, by.scope) if own_desk(by, one.region_code)
    ]
    await journal.append(tx, by.stream, now, entries, actor(by))
    return told


async def _ask_for_receipts(tx: Tx, by: Viewer, told: CircularDetail, now: datetime) -> None:
    """Tell who answers for each unit that a circular waits for its receipt."""
    answer_for = await answering(tx, by.stream, now)
    for receipt in told.receipts:
        matter = Matter(
            topic="circular",
            key=f"circular:{told.spot_check_id}:{receipt.post_id}",
            text=f"《{told.title}》已下发{receipt.post_name},请登录系统签收",
            text_en=f"{told.title} was sent to {receipt.post_name}: please log in and sign its receipt",
            regions=(receipt.region_code,),
            subject_id=told.spot_check_id,
        )
        await notices.tell(tx, by.stream, answer_for.get(receipt.post_id, []), matter, now, by=by)


async def _check(tx: Tx, by: Viewer, spot_check_id: int) -> SpotCheck:
    check = await campaigns.locked(tx, by.stream, spot_check_id)
    if check is None:
        raise NotFound("该次抽查", "spot check")
    return check


async def _circular(tx: Tx, by: Viewer, spot_check_id: int) -> SpotCircular:
    await _check(tx, by, spot_check_id)
    row = await circulars.locked(tx, spot_check_id)
    if row is None:
        raise NotFound("该通报", "circular")
    return row


async def _results(tx: Tx, check: SpotCheck, scoring: Scoring) -> Results:
    assert check.id is not None and check.finished_at is not None
    rows = await findings.listed(tx, check.stream, check.stream, check.id)
    cases = tuple(
        Case(
            unit=one.post_name.removesuffix("值班室"),
            method=one.method,
            called_at=tuple(call.called_at for call in one.attempts),
            answered_by=one.answered_by,
            failures=tuple(one.failures),
        )
        for one in rows
        if one.state in {"passed", "failed"}
    )
    called = [at for case in cases for at in case.called_at]
    return Results(
        issuer=await campaigns.name_of_centre(tx, check.stream),
        ordered_by=check.ordered_by,
        began_at=min(called, default=check.starts_at),
        ended_at=check.finished_at,
        pool=len(check.pool),
        seed=check.seed,
        cases=cases,
        rectify_within=scoring.rectify_within,
    )


async def _tell(tx: Tx, by: Viewer, row: SpotCircular, type_: _Type, now: datetime) -> CircularDetail:
    """Tell it at the centre; once it is issued, to every unit."""
    await tx.flush()
    told = await circulars.detail(tx, row.spot_check_id, by.scope)
    assert told is not None
    concern = centre_only(by)
    if type_ == "spot_check.circular_issued":
        codes = {one.region_code for one in told.receipts} | set(concern.region_codes)
        concern = Concern(tuple(sorted(codes)))
    fact = CircularFact(**{name: getattr(told, name) for name in CircularFact.model_fields})
    event = CircularChanged(type=type_, circular=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return told
