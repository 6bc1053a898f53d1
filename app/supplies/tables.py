"""Tables of supplies: items, warehouses, lots, the books."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet

_HELD_SQL = "account NOT IN ('shelf', 'reserved', 'transit', 'field')"


class SupplyItem(SQLModel, table=True):
    """A kind of goods (物资品种) with its code after GB/T 38565: seven digits in four layers."""

    __tablename__ = "supply_item"
    __table_args__ = (
        UniqueConstraint("stream", "name_zh", name="supply_item_name_once"),
        CheckConstraint(
            "code ~ '^[123](0[1-9]|[1-9][0-9]){3}$'", name="supply_item_code_has_seven_digits_in_four_layers"
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    code: str
    name_zh: str
    name_en: str = ""
    unit: str


class SupplyWarehouse(SQLModel, table=True):
    """A store of the city or of a township (1+22): where it is, who keeps it, who is called."""

    __tablename__ = "supply_warehouse"
    __table_args__ = (
        UniqueConstraint("stream", "name_zh", name="supply_warehouse_name_once"),
        CheckConstraint("level IN ('city', 'township')", name="supply_warehouse_level_is_known"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    level: str
    name_zh: str
    name_en: str = ""
    region_code: str = Field(foreign_key="region.code")
    place: str = ""
    keeper: str = ""
    phone: str = ""
    lon: float
    lat: float


class SupplyLot(SQLModel, table=True):
    """A lot (批次) of an item; `expires_on` is the last day on which it is good, None for what keeps."""

    __tablename__ = "supply_lot"
    __table_args__ = (UniqueConstraint("item_id", "number", name="supply_lot_number_once_an_item"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    item_id: int = Field(foreign_key="supply_item.id", sa_type=BigInteger)
    number: str = ""
    expires_on: date | None = None


class SupplyMovement(SQLModel, table=True):
    """A quantity of a lot went from one account to another: never changed, never deleted.

    Its two lines stand in `supply_line`. `transfer_id` and `stock_take_id` say what it belongs to.
    """

    __tablename__ = "supply_movement"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="supply_movement_moves_something"),
        Index("supply_movement_of_stream", "stream", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str
    lot_id: int = Field(foreign_key="supply_lot.id", sa_type=BigInteger)
    quantity: int
    reason: str = ""
    transfer_id: int | None = Field(default=None, foreign_key="supply_transfer.id", sa_type=BigInteger)
    stock_take_id: int | None = Field(default=None, foreign_key="supply_stock_take.id", sa_type=BigInteger)
    happened_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str


class SupplyLine(SQLModel, table=True):
    """One of the two lines of a movement; their quantities sum up to zero."""

    __tablename__ = "supply_line"
    __table_args__ = (Index("supply_line_of_account", "account", "place", "lot_id"),)

    movement_id: int = Field(foreign_key="supply_movement.id", primary_key=True, sa_type=BigInteger)
    account: str = Field(primary_key=True)
    place: int = Field(default=0, sa_type=BigInteger)
    lot_id: int = Field(sa_type=BigInteger)
    quantity: int


class SupplyBalance(SQLModel, table=True):
    """What stands on an account of a lot: the sum of its lines, kept beside them.

    Who changes it waits for whoever came before (one lock a county); the check is the belt: what is held
    is never below zero.
    """

    __tablename__ = "supply_balance"
    __table_args__ = (
        CheckConstraint(f"quantity >= 0 OR {_HELD_SQL}", name="supply_balance_is_never_below_zero"),
        Index("supply_balance_of_lot", "lot_id"),
    )

    account: str = Field(primary_key=True)
    place: int = Field(default=0, primary_key=True, sa_type=BigInteger)
    lot_id: int = Field(primary_key=True, foreign_key="supply_lot.id", sa_type=BigInteger)
    quantity: int


class SupplyExpiryAlert(SQLModel, table=True):
    """That a lot in a warehouse runs out of date was told, once a stage (60, 30, 7 days; 0 expired)."""

    __tablename__ = "supply_expiry_alert"

    warehouse_id: int = Field(foreign_key="supply_warehouse.id", primary_key=True, sa_type=BigInteger)
    lot_id: int = Field(foreign_key="supply_lot.id", primary_key=True, sa_type=BigInteger)
    stage: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    told_at: datetime = instant()


class SupplyRequest(SQLModel, table=True):
    """Somebody asks for goods at a place: when, when and how the desk was told, who vouches for it.

    `incident_id` stands a floor above and therefore has no foreign key; `restricted` and
    `readers` are that incident's, who may know it.
    `scope` is whose stores may be drawn on: that of who asked.
    """

    __tablename__ = "supply_request"
    __table_args__ = (
        CheckConstraint("kind IN ('relief', 'preposition', 'restock')", name="supply_request_kind_is_known"),
        CheckConstraint(
            "(kind = 'restock') = (to_warehouse_id IS NOT NULL)", name="supply_request_restocks_a_warehouse"
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    scope: str
    kind: str
    region_code: str = Field(foreign_key="region.code")
    place: str = ""
    lon: float
    lat: float
    to_warehouse_id: int | None = Field(default=None, foreign_key="supply_warehouse.id", sa_type=BigInteger)
    incident_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    incident_number: str = ""
    restricted: bool = False
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    reason: str
    key_period: str = ""
    asked_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    channel: str = ""
    voucher: str = ""


class SupplyNeed(SQLModel, table=True):
    """A line of a request: how much was asked for, how much no store could give."""

    __tablename__ = "supply_need"

    request_id: int = Field(foreign_key="supply_request.id", primary_key=True, sa_type=BigInteger)
    item_id: int = Field(foreign_key="supply_item.id", primary_key=True, sa_type=BigInteger)
    quantity: int
    missing: int = 0


class SupplyTransfer(SQLModel, table=True):
    """A transfer order (调拨单): goods of one warehouse for one request, numbered anew each year.

    `replans_id` is the order whose warehouse gave less than was promised.
    """

    __tablename__ = "supply_transfer"
    __table_args__ = (
        UniqueConstraint("stream", "year", "serial", name="supply_transfer_number_once_a_year"),
        CheckConstraint(
            "state IN ('reserved', 'issued', 'under_way', 'delivered', 'settled', 'cancelled')",
            name="supply_transfer_state_is_known",
        ),
        Index("supply_transfer_state", "stream", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    year: int
    serial: int
    number: str
    request_id: int = Field(foreign_key="supply_request.id", sa_type=BigInteger, index=True)
    warehouse_id: int = Field(foreign_key="supply_warehouse.id", sa_type=BigInteger, index=True)
    replans_id: int | None = Field(default=None, foreign_key="supply_transfer.id", sa_type=BigInteger)
    state: str = "reserved"
    made_by: str
    made_at: datetime = instant()
    cancel_reason: str = ""


class SupplyTransferLine(SQLModel, table=True):
    """A lot on a transfer order: promised, issued, received, brought back, used up."""

    __tablename__ = "supply_transfer_line"

    transfer_id: int = Field(foreign_key="supply_transfer.id", primary_key=True, sa_type=BigInteger)
    lot_id: int = Field(foreign_key="supply_lot.id", primary_key=True, sa_type=BigInteger)
    reserved: int
    issued: int | None = None
    received: int | None = None
    returned: int = 0
    used: int = 0
    issue_reason: str = ""
    difference_reason: str = ""


class SupplySignature(SQLModel, table=True):
    """Who handed over and who took over: issued by the keeper, carried, received. Each signs once.

    Signed at, told to the desk at, entered at; `channel` and `voucher` say how the desk learned of it.
    """

    __tablename__ = "supply_signature"
    __table_args__ = (
        CheckConstraint("part IN ('issue', 'carry', 'receive')", name="supply_signature_part_is_known"),
    )

    transfer_id: int = Field(foreign_key="supply_transfer.id", primary_key=True, sa_type=BigInteger)
    part: str = Field(primary_key=True)
    name: str
    phone: str = ""
    vehicle: str = ""
    signed_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    channel: str = ""
    voucher: str = ""


class SupplyStockTake(SQLModel, table=True):
    """A stock-take (盘点) of a warehouse: its differences stand in the books as entries with a reason."""

    __tablename__ = "supply_stock_take"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    warehouse_id: int = Field(foreign_key="supply_warehouse.id", sa_type=BigInteger, index=True)
    counted_by: str
    counted_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    note: str = ""


class SupplyStockTakeLine(SQLModel, table=True):
    """What the books said of a lot and what was counted."""

    __tablename__ = "supply_stock_take_line"

    stock_take_id: int = Field(foreign_key="supply_stock_take.id", primary_key=True, sa_type=BigInteger)
    lot_id: int = Field(foreign_key="supply_lot.id", primary_key=True, sa_type=BigInteger)
    booked: int
    counted: int
    reason: str = ""
