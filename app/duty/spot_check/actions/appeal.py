"""A post appeals against a failure; a leader at the centre decides. What was decided stays on record."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.duty.spot_check.actions import rectify
from app.duty.spot_check.actions.access import own_desk, require_at_centre
from app.duty.spot_check.actions.refusals import AppealDecided, AppealStands, OutOfTurn
from app.duty.spot_check.commands import AppealDecisionIn, AppealIn
from app.duty.spot_check.events import AppealChanged
from app.duty.spot_check.facts import AppealFact
from app.duty.spot_check.store import aftermath, campaigns, findings
from app.duty.spot_check.tables import SpotAppeal
from app.journal import store as journal
from app.journal.concern import Concern
from app.org.rules.access import Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound


async def ask(tx: Tx, by: Viewer, finding_id: int, told: AppealIn, now: datetime) -> AppealFact:
    """Appeal for one's own post, once the check is over.

    Raises NotFound, NotPermitted, OutOfTurn, InvalidInput, AppealStands.
    """
    require(by, "command")
    found = await findings.listed(tx, by.stream, by.scope, finding_id=finding_id)
    if not found or not own_desk(by, found[0].region_code):
        raise NotFound("该抽查结果", "finding")
    check = await campaigns.locked(tx, by.stream, found[0].spot_check_id)
    if check is None or check.state != "finished":
        raise OutOfTurn("抽查结束后方可申诉", "an appeal is possible once the check is finished")
    if told.failure not in found[0].failures:
        raise InvalidInput(FieldFault("failure", "抽查结果中没有这个问题", "no such failure was found"))
    if await aftermath.standing_appeal(tx, finding_id, told.failure):
        raise AppealStands
    row = SpotAppeal(
        stream=by.stream,
        finding_id=finding_id,
        failure=told.failure,
        evidence=told.evidence,
        asked_by=by.name,
        asked_at=now,
    )
    tx.add(row)
    return await _tell(tx, by, row, "spot_check.appeal_asked", now)


async def decide(tx: Tx, by: Viewer, appeal_id: int, told: AppealDecisionIn, now: datetime) -> AppealFact:
    """Uphold or refuse. What is upheld costs nothing and need not be put right.

    Raises NotFound, NotPermitted, AppealDecided.
    """
    require_at_centre(by, "approve_duty")
    row = await aftermath.locked_appeal(tx, by.stream, appeal_id)
    if row is None:
        raise NotFound("该申诉", "appeal")
    if row.state != "asked":
        raise AppealDecided
    row.state = "upheld" if told.upheld else "refused"
    row.decided_by, row.decided_at, row.remark = by.name, now, told.remark
    item = await aftermath.rectification_of(tx, row.finding_id, row.failure) if told.upheld else None
    if item is not None and item.state in {"open", "reported"}:
        item.state = "cancelled"
    fact = await _tell(
        tx, by, row, "spot_check.appeal_upheld" if told.upheld else "spot_check.appeal_refused", now
    )
    if item is not None and item.state == "cancelled":
        await rectify.tell(tx, by, item, "spot_check.rectification_cancelled", now)
    return fact


_Type = Literal["spot_check.appeal_asked", "spot_check.appeal_upheld", "spot_check.appeal_refused"]


async def _tell(tx: Tx, by: Viewer, row: SpotAppeal, type_: _Type, now: datetime) -> AppealFact:
    await tx.flush()
    (fact,) = await aftermath.appeals(tx, by.stream, by.stream, appeal_id=row.id)
    event = AppealChanged(type=type_, appeal=fact)
    await journal.append(tx, row.stream, now, [journal.Entry(event, Concern((fact.region_code,)))], actor(by))
    return fact
