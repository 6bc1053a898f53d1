"""Wire shapes of supplies: what lies where, and for how many it suffices."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from app.sheets import CellFault
from app.supplies.rules.ledger import AccountKind, MovementKind
from app.supplies.rules.propose import Level
from app.wire import Fact


class SupplyItemFact(Fact):
    """A kind of goods with its seven digits of GB/T 38565."""

    id: int
    code: str
    name_zh: str
    name_en: str
    unit: str


class SupplyWarehouseFact(Fact):
    """A store: `place` is where exactly, `keeper` who opens it, `phone` how he is called."""

    id: int
    level: Level
    name_zh: str
    name_en: str
    region_code: str
    place: str
    keeper: str
    phone: str
    lon: float
    lat: float


class SupplyPileFact(Fact):
    """A lot in a warehouse: `free` may be promised, `reserved` lies there for a transfer."""

    warehouse_id: int
    item_id: int
    lot_id: int
    lot: str
    expires_on: date | None
    free: int
    reserved: int


class SupplyTotalFact(Fact):
    """How much of an item the whole county has: in warehouses, on the road, handed over."""

    item_id: int
    free: int
    reserved: int
    transit: int
    field: int


class SupplyShareFact(Fact):
    """A main category: items whose code begins with one of `codes`; `missing` is what must come to reach the
    norm, `limits` whether it decides.
    """

    id: str
    name_zh: str
    name_en: str
    codes: list[str]
    per_person: Decimal
    quantity: int
    persons: int
    missing: int
    limits: bool


class SupplyAdequacyFact(Fact):
    """For how many persons the county's free, unexpired stock suffices; None where nothing is set."""

    persons: int | None
    target: int
    enough: bool
    shares: list[SupplyShareFact]


class SupplyPeriodFact(Fact):
    """A key period in force, to which goods may be pre-positioned."""

    zh: str
    en: str


class SuppliesFact(Fact):
    """The page at one look: warehouses and lots of the scope, totals and adequacy of the county;
    `expiry_days` are how long before its expiry a lot is told.
    """

    day: date
    adequacy: SupplyAdequacyFact
    items: list[SupplyItemFact]
    warehouses: list[SupplyWarehouseFact]
    piles: list[SupplyPileFact]
    totals: list[SupplyTotalFact]
    key_periods: list[SupplyPeriodFact]
    expiry_days: list[int]


class SupplyExpiringFact(Fact):
    """A lot in a warehouse that runs out of date: `stage` 60, 30, 7 days, or 0 when it has."""

    warehouse_id: int
    warehouse_name: str
    region_code: str
    keeper: str
    phone: str
    lot_id: int
    lot: str
    item_id: int
    item_zh: str
    item_en: str
    unit: str
    quantity: int
    expires_on: date
    stage: int


class SupplyMovementFact(Fact):
    """One movement of the books; places are names of warehouses or numbers of transfers."""

    id: int
    kind: MovementKind
    item_zh: str
    item_en: str
    unit: str
    lot: str
    quantity: int
    source: AccountKind
    source_place: str
    target: AccountKind
    target_place: str
    reason: str
    happened_at: datetime
    entered_at: datetime
    entered_by: str


class SupplyBooksFact(Fact):
    """The trial balance: what stands on each kind of account; `sum` is zero, always."""

    accounts: dict[str, int]
    sum: int
    movements: int


class SupplyCountLineFact(Fact):
    """What the books said of a lot and what was counted."""

    lot_id: int
    item_zh: str
    item_en: str
    unit: str
    lot: str
    booked: int
    counted: int
    reason: str


class SupplyStockTakeFact(Fact):
    """A stock-take with the lots that were counted."""

    id: int
    warehouse_id: int
    warehouse_name: str
    region_code: str
    counted_by: str
    counted_at: datetime
    entered_at: datetime
    entered_by: str
    note: str
    lines: list[SupplyCountLineFact]


class SupplyImportRow(Fact):
    """What a row of a sheet would do; `changed` names what differs."""

    row: int
    action: Literal["create", "amend", "unchanged"]
    warehouse: str
    item: str
    lot: str
    quantity: int
    booked: int
    changed: list[str]


class SupplyImportOut(Fact):
    """What a sheet would do to the stock, or has done; `faults` are the first of `faults_total`."""

    applied: bool
    created: int
    amended: int
    unchanged: int
    faults: list[CellFault]
    faults_total: int
    rows: list[SupplyImportRow]
