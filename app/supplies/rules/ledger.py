"""Double entry: a movement takes a quantity of a lot out of one account and puts it into another.

Every movement is two lines whose sum is zero, so the books of a county sum up to zero whatever happens.
What is held (on a shelf, reserved, on the road, in the field) is never below zero; the accounts outside
(where goods come from and where they end) may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

AccountKind = Literal[
    "shelf",  # free in a warehouse
    "reserved",  # in a warehouse, promised to a transfer
    "transit",  # on the road with a transfer
    "field",  # handed over with a transfer, in use or pre-positioned
    "source",  # bought, donated, found at the first count
    "difference",  # missing or too much, with a reason
    "used",
    "scrapped",
]
MovementKind = Literal[
    "received",
    "reserved",
    "released",
    "issued",
    "missing",
    "delivered",
    "lost",
    "surplus",
    "returned",
    "used",
    "scrapped",
    "counted_more",
    "counted_less",
]
HELD: frozenset[AccountKind] = frozenset({"shelf", "reserved", "transit", "field"})
ROUTES: Mapping[MovementKind, frozenset[tuple[AccountKind, AccountKind]]] = {
    "received": frozenset({("source", "shelf")}),
    "reserved": frozenset({("shelf", "reserved")}),
    "released": frozenset({("reserved", "shelf"), ("transit", "shelf")}),
    "issued": frozenset({("reserved", "transit")}),
    "missing": frozenset({("reserved", "difference")}),
    "delivered": frozenset({("transit", "field"), ("transit", "shelf")}),
    "lost": frozenset({("transit", "difference")}),
    "surplus": frozenset({("difference", "transit")}),
    "returned": frozenset({("field", "shelf")}),
    "used": frozenset({("field", "used")}),
    "scrapped": frozenset({("shelf", "scrapped")}),
    "counted_more": frozenset({("difference", "shelf")}),
    "counted_less": frozenset({("shelf", "difference")}),
}


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """Where goods are. `place` is a warehouse (shelf, reserved), a transfer (transit, field), or 0."""

    kind: AccountKind
    place: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a movement: `quantity` is below zero where goods leave."""

    account: Account
    lot_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A quantity of one lot goes from an account to another. Raises ValueError for what cannot be meant."""

    kind: MovementKind
    lot_id: int
    quantity: int
    source: Account
    target: Account
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a movement of nothing, and a road that its kind does not take."""
        if self.quantity <= 0:
            raise ValueError(f"a movement of {self.quantity}")
        if (self.source.kind, self.target.kind) not in ROUTES[self.kind]:
            raise ValueError(f"{self.kind} never goes from {self.source.kind} to {self.target.kind}")

    @property
    def lines(self) -> tuple[Line, Line]:
        """The two lines, whose sum is zero."""
        return (
            Line(self.source, self.lot_id, -self.quantity),
            Line(self.target, self.lot_id, self.quantity),
        )


Books = Mapping[tuple[Account, int], int]
"""What stands on each account of each lot."""


@dataclass(frozen=True, slots=True)
class Overdraft:
    """A held account that would fall below zero: `held` is there, `wanted` is asked of it."""

    account: Account
    lot_id: int
    held: int
    wanted: int


def overdraft(books: Books, movements: Iterable[Movement]) -> Overdraft | None:
    """Return the first account that would fall below zero on the way, or None."""
    now = dict(books)
    for one in movements:
        key = (one.source, one.lot_id)
        held = now.get(key, 0)
        if one.source.kind in HELD and held < one.quantity:
            return Overdraft(one.source, one.lot_id, held, one.quantity)
        _apply(now, one)
    return None


def post(books: Books, movements: Iterable[Movement]) -> dict[tuple[Account, int], int]:
    """Return the books after the movements. Raises ValueError when `overdraft` would find one."""
    movements = tuple(movements)
    if found := overdraft(books, movements):
        raise ValueError(f"overdrawn: {found}")
    now = dict(books)
    for one in movements:
        _apply(now, one)
    return now


def _apply(now: dict[tuple[Account, int], int], one: Movement) -> None:
    for line in one.lines:
        key = (line.account, line.lot_id)
        now[key] = now.get(key, 0) + line.quantity
