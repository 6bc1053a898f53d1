"""Nobody is put by hand into a seat for which he has not been trained (R19)."""

from __future__ import annotations

from collections.abc import Collection

from app.db import Tx
from app.duty.roster.rules.training import lacking, required, said
from app.duty.roster.store import plans
from app.duty.tables import DutySeat
from app.refusals import Refusal


class Untrained(Refusal):
    """The seat requires what this person has not been trained for."""

    code = "untrained"

    def __init__(self, name: str, lacks: Collection[str]) -> None:
        zh, en = said(lacks)
        super().__init__(
            f"{name}{zh};请另选他人,已取得资质的请先在人员名册中登记",
            f"{name} is {en}; choose somebody else, or enter what he is trained for in the register",
        )


async def require_trained(tx: Tx, stream: str, seat: DutySeat, person_ids: Collection[int]) -> None:
    """Raise Untrained for the first of these persons who lacks what the seat requires."""
    requires = required(seat.qualification)
    if not requires:
        return
    held = await plans.qualifications(tx, person_ids)
    for person in sorted(set(person_ids)):
        if lacks := lacking(requires, held.get(person, ())):
            people = await plans.persons(tx, stream, [person])
            raise Untrained(people[person][0] if person in people else str(person), lacks)
