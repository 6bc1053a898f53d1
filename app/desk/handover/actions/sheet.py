"""A sheet is opened, kept up with what happens, read and ticked item by item."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.handover.actions.guard import concern_of, head_of, member_acting, post_of, sheet_for_work
from app.desk.handover.actions.refusals import AlreadyHandedOver, ItemUnread, NoChangeNear
from app.desk.handover.commands import OpenIn, TickIn
from app.desk.handover.events import HandoverCompiled, HandoverItemChanged, HandoverOpened
from app.desk.handover.facts import HandoverHead, HandoverItemFact
from app.desk.handover.rules.items import Item, Standing, compare
from app.desk.handover.rules.team import (
    OPENS_AFTER,
    OPENS_BEFORE,
    Held,
    Member,
    change_near,
    lead_of,
    minutes_late,
    teams,
)
from app.desk.handover.sources import compiled, desk_of
from app.desk.handover.store import sheets
from app.desk.handover.tables import Handover, HandoverItem, HandoverMember
from app.duty import store as duty
from app.duty.ownership.actions import take_over
from app.duty.ownership.store import owner_at
from app.duty.roster.store import shifts
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput, NotFound


async def open_sheet(tx: Tx, by: Viewer, told: OpenIn, now: datetime, zone: ZoneInfo) -> HandoverHead:
    """Open the sheet of the change of shift at hand. Raises NoChangeNear, AlreadyHandedOver, NotFound."""
    post = await post_of(tx, by, told.post_id)
    change_at, members = await _change(tx, told.post_id, now)
    if await sheets.open_of_post(tx, told.post_id) or await sheets.handed_over(tx, told.post_id, change_at):
        raise AlreadyHandedOver
    row = Handover(
        stream=by.stream, post_id=told.post_id, change_at=change_at, opened_by=by.name, opened_at=now
    )
    tx.add(row)
    await tx.flush()
    assert row.id is not None
    tx.add_all(_member_row(row.id, member) for member in members)
    await _follow(tx, row, post, now, zone)
    await _until_signed(tx, by.stream, told.post_id, members, now)
    head = await head_of(tx, row)
    event = HandoverOpened(type="handover.opened", handover=head)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern_of(post))], actor(by))
    return head


async def _change(tx: Tx, post_id: int, now: datetime) -> tuple[datetime, Sequence[Member]]:
    found = await shifts.between(tx, post_id, now - OPENS_AFTER, now + OPENS_BEFORE)
    held = [Held(s.person_id, s.seat_id, s.role, s.starts_at, s.ends_at, s.arrived_at) for s in found]
    change_at = change_near(held, now)
    if change_at is None:
        raise NoChangeNear
    outgoing, incoming = teams(held, change_at)
    return change_at, [*outgoing, *incoming]


async def _until_signed(tx: Tx, stream: str, post_id: int, members: Sequence[Member], now: datetime) -> None:
    """Give the desk to the outgoing team until this sheet is signed, where no signature says whose it is."""
    owner, lead = await owner_at(tx, post_id, now), lead_of(members, "outgoing")
    if lead is not None and (owner is None or owner.since is None):
        team = [member.person_id for member in members if member.side == "outgoing"]
        await take_over(tx, stream, post_id, lead.person_id, team, now)


def _member_row(handover_id: int, member: Member) -> HandoverMember:
    return HandoverMember(
        handover_id=handover_id,
        person_id=member.person_id,
        side=member.side,
        seat_id=member.seat_id,
        role=member.role,
        starts_at=member.starts_at,
        ends_at=member.ends_at,
        arrived_at=member.arrived_at,
        late_min=minutes_late(member, member.arrived_at) if member.arrived_at else 0,
    )


async def follow(tx: Tx, stream: str, handover_id: int, now: datetime, zone: ZoneInfo) -> bool:
    """Bring an open sheet up to what stands now; False if nothing changed. The house does so by itself."""
    row = await sheets.locked(tx, stream, handover_id)
    if row is None or row.state != "open":
        return False
    entries = await catch_up(tx, row, now, zone)
    if entries:
        await journal.append(tx, stream, now, entries)
    return bool(entries)


async def compile_again(tx: Tx, by: Viewer, handover_id: int, now: datetime, zone: ZoneInfo) -> HandoverHead:
    """Bring an open sheet up to what stands now, on somebody's wish. Raises HandoverOver, NotFound."""
    row, _ = await sheet_for_work(tx, by, handover_id)
    entries = await catch_up(tx, row, now, zone)
    head = await head_of(tx, row)
    if entries:
        await journal.append(tx, row.stream, now, entries, actor(by))
    return head


async def catch_up(tx: Tx, row: Handover, now: datetime, zone: ZoneInfo) -> list[journal.Entry]:
    """Bring a locked sheet up to what stands now; return the entry that the caller has to append."""
    post = await duty.locked(tx, row.stream, row.post_id)
    assert post is not None
    changed = await _follow(tx, row, post, now, zone)
    if not changed:
        return []
    assert row.id is not None
    event = HandoverCompiled(
        type="handover.compiled",
        handover_id=row.id,
        post_id=row.post_id,
        items=[sheets.item_fact(item) for item in changed],
    )
    return [journal.Entry(event, concern_of(post))]


async def _follow(tx: Tx, row: Handover, post: DutyPost, now: datetime, zone: ZoneInfo) -> list[HandoverItem]:
    assert row.id is not None
    items = await compiled(tx, desk_of(post, row.stream, row.change_at, now, zone))
    rows = {item.key: item for item in await sheets.items(tx, row.id)}
    change = compare([_standing(item) for item in rows.values()], items)
    for key in change.gone:
        rows[key].gone_at = now
    for item in change.altered:
        _alter(rows[item.key], item, now)
    added = [_item_row(row.id, item, now) for item in change.added]
    tx.add_all(added)
    await tx.flush()
    return [*added, *(rows[item.key] for item in change.altered), *(rows[key] for key in change.gone)]


def _standing(row: HandoverItem) -> Standing:
    item = Item(row.key, row.kind, row.zh, row.en, row.due_at, row.incident_id)  # type: ignore[arg-type]
    return Standing(item, row.gone_at is not None)


def _item_row(handover_id: int, item: Item, now: datetime) -> HandoverItem:
    return HandoverItem(
        handover_id=handover_id,
        key=item.key,
        kind=item.kind,
        zh=item.zh,
        en=item.en,
        due_at=item.due_at,
        incident_id=item.incident_id,
        added_at=now,
    )


def _alter(row: HandoverItem, item: Item, now: datetime) -> None:
    """Say what is so now: whoever read it before has not read this."""
    row.zh, row.en, row.due_at, row.altered_at, row.gone_at = item.zh, item.en, item.due_at, now, None
    row.opened_by = row.opened_at = row.ticked_by = row.ticked_person_id = row.ticked_at = row.in_order = None
    row.remark = ""


async def open_item(tx: Tx, by: Viewer, handover_id: int, item_id: int, now: datetime) -> HandoverItemFact:
    """Say that an item was opened and read. Raises HandoverOver, NotFound, NotPermitted."""
    row, post = await sheet_for_work(tx, by, handover_id)
    item = await _item(tx, handover_id, item_id)
    if item.opened_at is not None:
        return sheets.item_fact(item)
    item.opened_by, item.opened_at = by.name, now
    return await _tell(tx, by, row, post, item, "handover.item_opened", now)


async def tick(
    tx: Tx, by: Viewer, handover_id: int, item_id: int, told: TickIn, now: datetime
) -> HandoverItemFact:
    """Take an item over, as a member of the incoming team. Raises ItemUnread, NotReceiver, InvalidInput."""
    row, post = await sheet_for_work(tx, by, handover_id)
    receiver = await member_acting(tx, by, row, told.person_id)
    item = await _item(tx, handover_id, item_id)
    if item.opened_at is None or item.gone_at is not None:
        raise ItemUnread
    if not told.in_order and not told.remark:
        raise InvalidInput(FieldFault("remark", "请写明情况", "say what you found instead"))
    item.ticked_by, item.ticked_person_id, item.ticked_at = receiver.name, receiver.person_id, now
    item.in_order, item.remark = told.in_order, told.remark
    return await _tell(tx, by, row, post, item, "handover.item_ticked", now)


async def _item(tx: Tx, handover_id: int, item_id: int) -> HandoverItem:
    item = await sheets.item(tx, handover_id, item_id)
    if item is None:
        raise NotFound("该交接项", "item of this hand-over")
    return item


async def _tell(
    tx: Tx, by: Viewer, row: Handover, post: DutyPost, item: HandoverItem, type_: str, now: datetime
) -> HandoverItemFact:
    await tx.flush()
    fact = sheets.item_fact(item)
    event = HandoverItemChanged(type=type_, handover_id=item.handover_id, post_id=row.post_id, item=fact)
    await journal.append(tx, row.stream, now, [journal.Entry(event, concern_of(post))], actor(by))
    return fact
