"""What people ask about stock: items, warehouses, goods that come, go bad or are counted."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import (
    Command,
    Line,
    Moment,
    Paragraph,
    Placed,
    Reason,
    RegionCode,
    RowId,
)
from app.supplies.rules.codes import CODE_PATTERN

MOST = 10_000_000
Amount = Annotated[int, Field(ge=1, le=MOST)]
Count = Annotated[int, Field(ge=0, le=MOST)]
Day = Annotated[date, Field(ge=date(2001, 1, 1), le=date(2099, 12, 31))]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8)]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+?\d[\d-]{4,19})?$")]
Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]


class SupplyItemIn(Command):
    """A kind of goods."""

    code: Code
    name_zh: Name
    name_en: Word = ""
    unit: Unit


class SupplyWarehouseIn(Placed):
    """A store; without a position it lies where its region does."""

    level: Literal["city", "township"]
    name_zh: Name
    name_en: Word = ""
    region_code: RegionCode
    place: Line = ""
    keeper: Word = ""
    phone: Phone = ""


class SupplyWarehousePatch(Command):
    """What changes of a store: its keeper, telephone or place."""

    keeper: Word | None = None
    phone: Phone | None = None
    place: Line | None = None


class StockReceiptIn(Command):
    """Goods that came into a warehouse: bought, donated, moved in from outside the county."""

    warehouse_id: RowId
    item_id: RowId
    quantity: Amount
    lot: Word = ""
    expires_on: Day | None = None
    reason: Reason
    happened_at: Moment | None = None


class ScrapIn(Command):
    """Goods that are thrown away (报废)."""

    warehouse_id: RowId
    lot_id: RowId
    quantity: Amount
    reason: Reason
    happened_at: Moment | None = None


class CountLineIn(Command):
    """A lot as it was counted; `booked` is what the counter's sheet said the books have."""

    lot_id: RowId
    booked: Count
    counted: Count
    reason: Line = ""


class StockTakeIn(Command):
    """A stock-take of a warehouse; lots that are not named were not counted."""

    warehouse_id: RowId
    counted_by: Name
    counted_at: Moment | None = None
    note: Paragraph = ""
    lines: list[CountLineIn] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _each_lot_once(self) -> Self:
        if len({one.lot_id for one in self.lines}) != len(self.lines):
            raise PydanticCustomError("lot_twice", "a lot is named once")
        return self
