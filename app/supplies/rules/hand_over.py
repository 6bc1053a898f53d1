"""What each step of a transfer, a stock-take or a scrapping moves in the books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.refusals import FieldFault, InvalidInput
from app.supplies.rules.ledger import Account, Movement


@dataclass(frozen=True, slots=True)
class Issued:
    """A line at issue: `missing` says that what was not issued is not there at all."""

    lot_id: int
    reserved: int
    issued: int
    missing: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A line at receipt."""

    lot_id: int
    issued: int
    received: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A line after use: `held` is still in the field."""

    lot_id: int
    held: int
    returned: int
    used: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A lot in a warehouse at a stock-take: `free` and `reserved` are what the books say, both lie there."""

    lot_id: int
    free: int
    reserved: int
    counted: int
    reason: str = ""

    @property
    def difference(self) -> int:
        """What was counted beyond the books; below zero when something is missing."""
        return self.counted - self.free - self.reserved


def issue(transfer: int, warehouse: int, lines: Iterable[Issued]) -> Iterator[Movement]:
    """Put what is issued on the road; the rest is free again, or missing. Raises InvalidInput."""
    promised, shelf = Account("reserved", warehouse), Account("shelf", warehouse)
    for n, one in enumerate(lines):
        short = one.reserved - one.issued
        if short < 0:
            raise _fault(
                f"lines.{n}.issued",
                f"出库数 {one.issued} 超过预留数 {one.reserved}",
                f"{one.issued} issued of {one.reserved} reserved",
            )
        if short and not one.reason:
            raise _fault(f"lines.{n}.reason", "出库少于预留,须写明原因", "fewer issued: say why")
        if one.issued:
            yield Movement("issued", one.lot_id, one.issued, promised, Account("transit", transfer))
        if short and one.missing:
            yield Movement("missing", one.lot_id, short, promised, Account("difference"), one.reason)
        elif short:
            yield Movement("released", one.lot_id, short, promised, shelf, one.reason)


def receive(transfer: int, to_warehouse: int | None, lines: Iterable[Delivered]) -> Iterator[Movement]:
    """Hand over what came: to a warehouse's shelf or into the field. A difference is booked with its reason.

    Raises InvalidInput when a difference has no reason.
    """
    road = Account("transit", transfer)
    there = Account("field", transfer) if to_warehouse is None else Account("shelf", to_warehouse)
    for n, one in enumerate(lines):
        difference = one.received - one.issued
        if difference and not one.reason:
            raise _fault(
                f"lines.{n}.reason",
                f"发出 {one.issued}、收到 {one.received},不一致须写明原因",
                f"{one.issued} issued, {one.received} received: say why they differ",
            )
        if difference > 0:
            yield Movement("surplus", one.lot_id, difference, Account("difference"), road, one.reason)
        elif difference < 0:
            yield Movement("lost", one.lot_id, -difference, road, Account("difference"), one.reason)
        if one.received:
            yield Movement("delivered", one.lot_id, one.received, road, there)


def give_back(transfer: int, warehouse: int, lines: Iterable[GivenBack], reason: str) -> Iterator[Movement]:
    """Bring goods back from the field into a warehouse, or book them as used. Raises InvalidInput."""
    field = Account("field", transfer)
    for n, one in enumerate(lines):
        if one.returned + one.used > one.held:
            raise _fault(
                f"lines.{n}.returned",
                f"退回与消耗合计 {one.returned + one.used},超过在外数量 {one.held}",
                f"{one.returned + one.used} returned and used of {one.held} in the field",
            )
        if one.returned:
            yield Movement("returned", one.lot_id, one.returned, field, Account("shelf", warehouse), reason)
        if one.used:
            yield Movement("used", one.lot_id, one.used, field, Account("used"), reason)


def count(warehouse: int, lines: Iterable[Counted]) -> Iterator[Movement]:
    """Book the differences of a stock-take (盘点). Raises InvalidInput.

    What is reserved must be there: fewer than that cannot be booked before its transfer is cancelled.
    """
    shelf, elsewhere = Account("shelf", warehouse), Account("difference")
    for n, one in enumerate(lines):
        if one.difference and not one.reason:
            raise _fault(
                f"lines.{n}.reason",
                f"账面 {one.free + one.reserved}、实盘 {one.counted},差异须写明原因",
                f"{one.free + one.reserved} on the books, {one.counted} counted: say why",
            )
        if one.counted < one.reserved:
            raise _fault(
                f"lines.{n}.counted",
                f"实盘 {one.counted} 少于已预留 {one.reserved},请先撤销或减少相应调拨单",
                f"{one.counted} counted but {one.reserved} reserved: cancel or issue that transfer first",
            )
        if one.difference > 0:
            yield Movement("counted_more", one.lot_id, one.difference, elsewhere, shelf, one.reason)
        elif one.difference < 0:
            yield Movement("counted_less", one.lot_id, -one.difference, shelf, elsewhere, one.reason)


def _fault(name: str, zh: str, en: str) -> InvalidInput:
    return InvalidInput(FieldFault(name, zh, en))
