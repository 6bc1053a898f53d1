"""Sheets, their items, the two teams and the signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.desk.handover.facts import HandoverHead, HandoverItemFact, MemberFact, SignatureFact
from app.desk.handover.rules.signing import PARTS
from app.desk.handover.rules.team import Member, came_early
from app.desk.handover.tables import Handover, HandoverItem, HandoverMember, HandoverSignature

_HEAD = """
SELECT h.id, h.post_id, d.name_zh AS post_name, d.region_code, h.change_at, h.state, h.opened_by,
       h.opened_at, h.completed_at,
       (SELECT count(*) FROM handover_item i WHERE i.handover_id = h.id AND i.gone_at IS NULL) AS items,
       (SELECT count(*) FROM handover_item i WHERE i.handover_id = h.id AND i.gone_at IS NULL
          AND i.ticked_at IS NULL) AS waiting
  FROM handover h JOIN duty_post d ON d.id = h.post_id
"""


async def heads(
    tx: Tx, stream: str, scope: str, post_id: int | None, limit: int, *, secret: bool
) -> list[HandoverHead]:
    """Return the sheets of a scope, or of one post in it, the latest first; the centre's only if `secret`."""
    rows = await tx.execute(
        text(
            _HEAD + " WHERE h.stream = :stream AND d.region_code LIKE :scope || '%'"
            " AND (:secret OR d.kind <> 'centre') AND (CAST(:post AS bigint) IS NULL OR h.post_id = :post)"
            " ORDER BY h.change_at DESC, h.id DESC LIMIT :limit"
        ),
        {"stream": stream, "scope": scope, "post": post_id, "limit": limit, "secret": secret},
    )
    return [
        HandoverHead(**row, members=await members(tx, row["id"]), signatures=await signatures(tx, row["id"]))
        for row in rows.mappings().all()
    ]


async def head(tx: Tx, stream: str, handover_id: int) -> HandoverHead | None:
    """Return one sheet of the county without its items, or None."""
    rows = await tx.execute(
        text(_HEAD + " WHERE h.stream = :stream AND h.id = :id"), {"stream": stream, "id": handover_id}
    )
    row = rows.mappings().first()
    if row is None:
        return None
    return HandoverHead(
        **row, members=await members(tx, handover_id), signatures=await signatures(tx, handover_id)
    )


async def locked(tx: Tx, stream: str, handover_id: int) -> Handover | None:
    """Return the row, locked until commit: whoever works on a sheet takes turns here."""
    found = await tx.execute(
        select(Handover)
        .where(col(Handover.id) == handover_id, col(Handover.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def open_of_post(tx: Tx, post_id: int) -> Handover | None:
    """Return the sheet of a post that lies open, or None. The caller holds the post's lock."""
    found = await tx.execute(
        select(Handover).where(col(Handover.post_id) == post_id, col(Handover.state) == "open")
    )
    return found.scalar_one_or_none()


async def open_ids(tx: Tx, stream: str) -> list[int]:
    """Return the sheets that lie open."""
    found = await tx.execute(
        select(Handover.id)
        .where(col(Handover.stream) == stream, col(Handover.state) == "open")
        .order_by(col(Handover.id))
    )
    return [int(number) for number in found.scalars() if number is not None]


async def handed_over(tx: Tx, post_id: int, change_at: datetime) -> bool:
    """Whether there is a sheet of this change already."""
    found = await tx.scalar(
        select(Handover.id).where(col(Handover.post_id) == post_id, col(Handover.change_at) == change_at)
    )
    return found is not None


async def items(tx: Tx, handover_id: int) -> list[HandoverItem]:
    """Return the items of a sheet as rows, in the order in which they were added."""
    found = await tx.execute(
        select(HandoverItem)
        .where(col(HandoverItem.handover_id) == handover_id)
        .order_by(col(HandoverItem.id))
    )
    return list(found.scalars())


async def item(tx: Tx, handover_id: int, item_id: int) -> HandoverItem | None:
    """Return one item of a sheet as a row, or None."""
    found = await tx.execute(
        select(HandoverItem).where(
            col(HandoverItem.id) == item_id, col(HandoverItem.handover_id) == handover_id
        )
    )
    return found.scalar_one_or_none()


def item_fact(row: HandoverItem) -> HandoverItemFact:
    """Return the shape of an item."""
    return HandoverItemFact.model_validate(row.model_dump(exclude={"handover_id", "ticked_person_id"}))


async def member_rows(tx: Tx, handover_id: int) -> list[HandoverMember]:
    """Return both teams as rows."""
    found = await tx.execute(
        select(HandoverMember)
        .where(col(HandoverMember.handover_id) == handover_id)
        .order_by(col(HandoverMember.person_id))
    )
    return list(found.scalars())


def as_member(row: HandoverMember) -> Member:
    """Return a row as the rules see it."""
    return Member(
        row.person_id,
        "outgoing" if row.side == "outgoing" else "incoming",
        row.seat_id,
        row.role,
        row.starts_at,
        row.ends_at,
        row.arrived_at,
        row.left_at,
    )


_MEMBER = """
SELECT m.person_id, p.name_zh AS name, m.side, m.seat_id, m.role, m.starts_at, m.ends_at, m.arrived_at,
       m.late_min, m.left_at, m.overtime_min, m.left_before_relief, m.remark
  FROM handover_member m JOIN person p ON p.id = m.person_id JOIN duty_seat s ON s.id = m.seat_id
 WHERE m.handover_id = :id ORDER BY m.side DESC, s.ordinal, m.person_id
"""


async def members(tx: Tx, handover_id: int) -> list[MemberFact]:
    """Return both teams, the outgoing first, seat by seat."""
    rows = await tx.execute(text(_MEMBER), {"id": handover_id})
    return [MemberFact(**row, early=_early(**row)) for row in rows.mappings()]


def _early(side: str, starts_at: datetime, arrived_at: datetime | None, **_: object) -> bool | None:
    return None if side == "outgoing" or arrived_at is None else came_early(starts_at, arrived_at)


async def signatures(tx: Tx, handover_id: int) -> list[SignatureFact]:
    """Return the signatures that stand: outgoing, incoming, leader."""
    found = await tx.execute(
        select(HandoverSignature).where(col(HandoverSignature.handover_id) == handover_id)
    )
    facts = [SignatureFact.model_validate(row.model_dump(exclude={"handover_id"})) for row in found.scalars()]
    return sorted(facts, key=lambda signature: PARTS.index(signature.part))


async def accounts_of(tx: Tx, stream: str, person_ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
    """Return name and whether there is an active account, by person of the county."""
    rows = await tx.execute(
        text(
            "SELECT p.id, p.name_zh, EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id AND a.active "
            "AND a.stream = :stream) AS own FROM person p WHERE p.id = ANY(:ids) "
            "AND p.region_code LIKE :stream || '%'"
        ),
        {"stream": stream, "ids": list(person_ids)},
    )
    return {row.id: (row.name_zh, row.own) for row in rows}
