"""Every SQL statement about declared key periods."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, or_, select

from app.db import Tx
from app.duty.declared.facts import DeclaredPeriodFact
from app.duty.declared.tables import DeclaredPeriod
from app.duty.roster.rules.calendar import InForce

_LEVELS = {1: ("Ⅰ级", "level I"), 2: ("Ⅱ级", "level II"), 3: ("Ⅲ级", "level III"), 4: ("Ⅳ级", "level IV")}
_COLOURS = {"red": ("红色", "red"), "orange": ("橙色", "orange")}


async def touching(tx: Tx, stream: str, first: date, last: date) -> list[DeclaredPeriodFact]:
    """Return the periods that touch a range of days, the oldest first."""
    found = await tx.execute(
        select(DeclaredPeriod)
        .where(
            col(DeclaredPeriod.stream) == stream,
            col(DeclaredPeriod.first) <= last,
            or_(
                col(DeclaredPeriod.last).is_(None),
                (col(DeclaredPeriod.last) >= first) & (col(DeclaredPeriod.last) >= col(DeclaredPeriod.first)),
            ),
        )
        .order_by(col(DeclaredPeriod.first), col(DeclaredPeriod.id))
        .limit(200)
    )
    return [fact_of(row) for row in found.scalars()]


async def in_force(tx: Tx, stream: str, first: date, last: date) -> list[InForce]:
    """Return what is declared for a range of days, as the calendar's rules read it."""
    return [
        InForce(one.kind, one.first, one.last, one.name_zh, one.name_en, one.level, one.colour)
        for one in await touching(tx, stream, first, last)
    ]


async def locked(tx: Tx, stream: str, period_id: int) -> DeclaredPeriod | None:
    """Return a period of the county, locked until commit."""
    found = await tx.execute(
        select(DeclaredPeriod)
        .where(col(DeclaredPeriod.id) == period_id, col(DeclaredPeriod.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


def fact_of(row: DeclaredPeriod) -> DeclaredPeriodFact:
    """Return the shape of a period, with its name in both languages."""
    if row.level is not None:
        zh, en = _LEVELS[row.level]
        names = f"{zh}应急响应", f"{en} response"
    else:
        zh, en = _COLOURS[row.colour or "red"]
        names = f"{zh}预警", f"{en} warning"
    return DeclaredPeriodFact.model_validate(
        {**row.model_dump(exclude={"stream"}), "name_zh": names[0], "name_en": names[1]}
    )
