"""Evidence for a checklist: given, and revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from app.db import Tx
from app.duty.checklist import store
from app.duty.checklist.commands import ChecklistEvidenceIn, ChecklistRevocationIn
from app.duty.checklist.events import ReadinessEvidenceChanged
from app.duty.checklist.facts import ChecklistEvidenceFact
from app.duty.checklist.rules import Checklist, Item, asked_of
from app.duty.checklist.tables import ReadinessEvidence
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal


class ComputedItem(Refusal):
    """What the product knows by itself is not ticked by hand."""

    code = "computed_item"

    def __init__(self) -> None:
        super().__init__(
            "此项由系统按实时数据判定,不能手工勾选", "this item is judged from live data, not by hand"
        )


class EvidenceRevoked(Refusal):
    """Evidence is revoked once."""

    code = "evidence_revoked"

    def __init__(self) -> None:
        super().__init__("这条佐证已撤销", "this evidence was revoked already")


async def give(
    tx: Tx,
    by: Viewer,
    region_code: str,
    told: ChecklistEvidenceIn,
    lists: Sequence[Checklist],
    now: datetime,
    today: date,
) -> ChecklistEvidenceFact:
    """Tick an item of a place. Raises NotFound, NotPermitted, ComputedItem, InvalidInput."""
    place = await store.place(tx, by.stream, region_code) if by.covers(region_code) else None
    if place is None:
        raise NotFound("这个地方", "place")
    require(by, "set_standby")
    item = next((one for one in asked_of(lists, place.kind) if one.key == told.item), None)
    if item is None:
        raise NotFound("此地清单中的这一项", "item on this place's checklists")
    if item.days is None:
        raise ComputedItem
    seen_on = told.seen_on or today
    expires_on = seen_on + timedelta(days=item.days)
    if not seen_on <= today <= expires_on:
        raise InvalidInput(
            FieldFault(
                "seen_on",
                f"查看日期不能晚于今日,也不能早于{item.days}天前",
                f"the day it was seen lies in the past, {item.days} days at most",
            )
        )
    row = ReadinessEvidence(
        stream=by.stream,
        region_code=region_code,
        item=item.key,
        note=told.note,
        seen_on=seen_on,
        expires_on=expires_on,
        given_by=by.name,
        given_at=now,
    )
    tx.add(row)
    return await _tell(tx, by, row, "readiness.evidence_given", item, now)


async def revoke(
    tx: Tx,
    by: Viewer,
    evidence_id: int,
    told: ChecklistRevocationIn,
    lists: Sequence[Checklist],
    now: datetime,
) -> ChecklistEvidenceFact:
    """Say that evidence no longer holds. Raises NotFound, NotPermitted, EvidenceRevoked."""
    row = await store.locked(tx, by.stream, evidence_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("这条佐证", "evidence")
    require(by, "set_standby")
    if row.revoked_at is not None:
        raise EvidenceRevoked
    row.revoked_by, row.revoked_at, row.revoked_reason = by.name, now, told.reason
    item = next((item for one in lists for item in one.items if item.key == row.item), None)
    # The county may have struck the item from its file since: then its key has to do.
    return await _tell(
        tx, by, row, "readiness.evidence_revoked", item or Item(row.item, row.item, row.item), now
    )


async def _tell(
    tx: Tx,
    by: Viewer,
    row: ReadinessEvidence,
    type_: Literal["readiness.evidence_given", "readiness.evidence_revoked"],
    item: Item,
    now: datetime,
) -> ChecklistEvidenceFact:
    await tx.flush()
    (fact,) = await store.evidence(tx, by.stream, row.region_code, row.id)
    event = ReadinessEvidenceChanged(type=type_, item_zh=item.zh, item_en=item.en, evidence=fact)
    entry = journal.Entry(event, Concern((row.region_code,)))
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact
