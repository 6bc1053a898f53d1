"""What people ask about requests and transfer orders."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Placed, Reason, RegionCode, RowId, ToldChannel
from app.supplies.commands import Amount, Count, Name, Phone, Word
from app.supplies.rules.steps import TransferKind

MOST_NEEDS = 40
MOST_LINES = 300
Channel = ToldChannel


class SupplyNeedIn(Command):
    """How much of an item."""

    item_id: RowId
    quantity: Amount


class PickIn(Command):
    """Take this much of a lot from a warehouse: the dispatcher's choice wins over the proposal."""

    warehouse_id: RowId
    lot_id: RowId
    quantity: Amount


class WhereIn(Placed):
    """Where goods are to go: a place of the tree, nearer if told; a warehouse when it is restocked."""

    kind: TransferKind = "relief"
    region_code: RegionCode
    place: Line = ""
    to_warehouse_id: RowId | None = None
    needs: list[SupplyNeedIn] = Field(min_length=1, max_length=MOST_NEEDS)

    @model_validator(mode="after")
    def _can_be_meant(self) -> Self:
        if (self.kind == "restock") != (self.to_warehouse_id is not None):
            raise PydanticCustomError("restock_needs_warehouse", "name the warehouse that is restocked")
        if len({one.item_id for one in self.needs}) != len(self.needs):
            raise PydanticCustomError("item_twice", "an item is named once")
        return self


class SupplyProposalIn(WhereIn):
    """Ask which warehouse would give what; nothing is reserved."""


class SupplyRequestIn(WhereIn):
    """Ask for goods and have them reserved at once. Times are now unless told."""

    reason: Reason
    key_period: Word = ""
    incident_id: RowId | None = None
    asked_at: Moment | None = None
    told_at: Moment | None = None
    channel: Channel = ""
    voucher: Word = ""
    picks: list[PickIn] | None = Field(default=None, max_length=MOST_LINES)


class SignatureIn(Command):
    """Who signs a hand-over, when, and how the desk learned of it."""

    name: Name
    phone: Phone = ""
    vehicle: Word = ""
    signed_at: Moment | None = None
    told_at: Moment | None = None
    channel: Channel = ""
    voucher: Word = ""


class IssueLineIn(Command):
    """What went out of a lot; `missing`: the rest is not there at all, else it stays in the warehouse."""

    lot_id: RowId
    issued: Count
    missing: bool = False
    reason: Line = ""


class TransferIssueIn(SignatureIn):
    """The keeper issues; lots that are not named went out as reserved."""

    lines: list[IssueLineIn] = Field(default=[], max_length=MOST_LINES)


class ReceiptLineIn(Command):
    """What came of a lot."""

    lot_id: RowId
    received: Count
    reason: Line = ""


class ReceiptIn(SignatureIn):
    """The receiver signs; lots that are not named came as issued."""

    lines: list[ReceiptLineIn] = Field(default=[], max_length=MOST_LINES)


class ReturnLineIn(Command):
    """What came back of a lot, what was used up."""

    lot_id: RowId
    returned: Count = 0
    used: Count = 0


class SupplyReturnIn(Command):
    """Goods come back from the field into a warehouse (that of the order unless told), or were used up."""

    warehouse_id: RowId | None = None
    reason: Reason
    happened_at: Moment | None = None
    lines: list[ReturnLineIn] = Field(min_length=1, max_length=MOST_LINES)


class SupplyCancelIn(Command):
    """Take an order back; what is on the road goes home."""

    reason: Reason
