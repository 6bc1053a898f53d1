"""The names on standby."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.standby.facts import HeadCountFact, ListFact, ListHead, StandbyPersonFact
from app.duty.standby.tables import StandbyList, StandbyPerson

_HEAD = """
SELECT l.id, l.region_code, r.name_zh AS region_name, l.day, l.team_id, t.name_zh AS team_name, l.version,
       l.required, l.key_day, l.entered_by, l.entered_at, l.late, l.accepted_by, l.accepted_at, l.yuan_per_day
  FROM standby_list l JOIN region r ON r.code = l.region_code LEFT JOIN team t ON t.id = l.team_id
"""
_PERSON = (
    "SELECT id, name, phone, person_id, state, since, named_by, named_at, accepted_by, accepted_at,"
    " struck_by, struck_at, struck_reason FROM standby_person WHERE list_id = :id ORDER BY id"
)
_COUNTS = (
    "SELECT id, method, listed, counted, remark, counted_by, counted_at FROM standby_head_count"
    " WHERE list_id = :id ORDER BY id"
)
_NUMBERS = """
SELECT list_id, count(*) FILTER (WHERE state <> 'struck') AS present,
       count(*) FILTER (WHERE state = 'named') AS waiting
  FROM standby_person WHERE list_id = ANY(:ids) GROUP BY list_id
"""
# Waits for a rival that inserts the same person, and then leaves the row to him.
_NAME = """
INSERT INTO standby_person (list_id, stream, day, name, phone, person_id, state, since, named_by, named_at,
                            struck_reason)
VALUES (:list_id, :stream, :day, :name, :phone, :person_id, 'named', :since, :named_by, :now, '')
ON CONFLICT DO NOTHING RETURNING id
"""
_ELSEWHERE = """
SELECT p.name, r.name_zh, r.name_en
  FROM standby_person p JOIN standby_list l ON l.id = p.list_id JOIN region r ON r.code = l.region_code
 WHERE p.stream = :stream AND p.day = :day AND p.state <> 'struck'
   AND (p.person_id = :person_id OR (p.phone <> '' AND p.phone = :phone))
 LIMIT 1
"""


async def row_of(tx: Tx, region_code: str, day: date) -> StandbyList | None:
    """Return a township's list of a day as its row, locked until commit."""
    found = await tx.execute(
        select(StandbyList)
        .where(col(StandbyList.region_code) == region_code, col(StandbyList.day) == day)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def persons_of(tx: Tx, list_id: int) -> list[StandbyPerson]:
    """Return everybody on a list as rows, in the order of their naming."""
    found = await tx.execute(
        select(StandbyPerson).where(col(StandbyPerson.list_id) == list_id).order_by(col(StandbyPerson.id))
    )
    return list(found.scalars())


async def fact(tx: Tx, region_code: str, day: date) -> ListFact | None:
    """Return a township's list of a day."""
    rows = await tx.execute(
        text(_HEAD + " WHERE l.region_code = :region AND l.day = :day"), {"region": region_code, "day": day}
    )
    head = rows.mappings().first()
    if head is None:
        return None
    persons = await tx.execute(text(_PERSON), {"id": head["id"]})
    counts = await tx.execute(text(_COUNTS), {"id": head["id"]})
    return ListFact(
        **head,
        persons=[StandbyPersonFact(**row) for row in persons.mappings()],
        head_counts=[HeadCountFact(**row) for row in counts.mappings()],
    )


async def between(
    tx: Tx, stream: str, scope: str, first: date, last: date
) -> dict[tuple[str, date], tuple[ListHead, int, int]]:
    """Return the lists of a scope by place and day, with how many are on them and how many wait."""
    rows = await tx.execute(
        text(
            _HEAD + " WHERE l.stream = :stream AND l.region_code LIKE :scope || '%'"
            " AND l.day BETWEEN :first AND :last"
        ),
        {"stream": stream, "scope": scope, "first": first, "last": last},
    )
    heads = [ListHead(**row) for row in rows.mappings()]
    counted = await tx.execute(text(_NUMBERS), {"ids": [head.id for head in heads]})
    numbers = {row.list_id: (int(row.present), int(row.waiting)) for row in counted}
    return {(head.region_code, head.day): (head, *numbers.get(head.id, (0, 0))) for head in heads}


async def name(
    tx: Tx,
    standby: StandbyList,
    person: tuple[str, str, int | None],
    since: datetime,
    by: str,
    now: datetime,
) -> bool:
    """Put (name, phone, person_id) on a list; False if he is on one already that day."""
    called, phone, person_id = person
    found = await tx.scalar(
        text(_NAME),
        {
            "list_id": standby.id,
            "stream": standby.stream,
            "day": standby.day,
            "name": called,
            "phone": phone,
            "person_id": person_id,
            "since": since,
            "named_by": by,
            "now": now,
        },
    )
    return found is not None


async def elsewhere(
    tx: Tx, stream: str, day: date, phone: str, person_id: int | None
) -> tuple[str, str, str]:
    """Return under which name, and at which place (Chinese, English), a person is listed already."""
    rows = await tx.execute(
        text(_ELSEWHERE), {"stream": stream, "day": day, "phone": phone, "person_id": person_id}
    )
    called, zh, en = rows.one()
    return str(called), str(zh), str(en)


async def registered(
    tx: Tx, stream: str, person_id: int | None, called: str, phone: str
) -> tuple[int, str, str] | None:
    """Return (id, name, phone) of a person of the county: by number, or by name and one of his telephones."""
    rows = await tx.execute(
        text(
            "SELECT id, name_zh, coalesce(phones[1], '') AS phone FROM person"
            " WHERE region_code LIKE :stream || '%' AND (id = :id OR (CAST(:id AS bigint) IS NULL"
            "  AND name_zh = :name AND :phone = ANY(phones))) ORDER BY id LIMIT 1"
        ),
        {"stream": stream, "id": person_id, "name": called, "phone": phone},
    )
    found = rows.first()
    return (int(found[0]), str(found[1]), str(found[2])) if found else None
