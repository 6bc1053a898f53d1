"""The events of supplies."""

from __future__ import annotations

from typing import Literal

from app.supplies.facts import (
    SupplyExpiringFact,
    SupplyItemFact,
    SupplyStockTakeFact,
    SupplyWarehouseFact,
)
from app.supplies.transfer_facts import SupplyRequestFact, SupplyShortfallFact, SupplyTransferFact
from app.wire import Fact


class SupplyRegisterChanged(Fact):
    """An item or a warehouse was entered, or a warehouse's keeper changed; the other one is None."""

    type: Literal["supply.item_registered", "supply.warehouse_registered", "supply.warehouse_amended"]
    item: SupplyItemFact | None
    warehouse: SupplyWarehouseFact | None


class SupplyStockChanged(Fact):
    """Goods came into a warehouse, or were thrown away; `free` is what lies there of the lot now."""

    type: Literal["supply.stocked", "supply.scrapped"]
    warehouse_id: int
    warehouse_name: str
    item_zh: str
    item_en: str
    unit: str
    lot: str
    quantity: int
    free: int
    reason: str


class SupplyCounted(Fact):
    """A stock-take was made; its differences are in the books."""

    type: Literal["supply.counted"]
    take: SupplyStockTakeFact
    differences: int


class SupplyImported(Fact):
    """A sheet of stock was taken."""

    type: Literal["supply.imported"]
    warehouses: list[str]
    created: int
    amended: int


class SupplyRequested(Fact):
    """Goods were asked for; what was found is reserved, what is missing stands in `shortfalls`."""

    type: Literal["supply.requested"]
    request: SupplyRequestFact
    shortfalls: list[SupplyShortfallFact]


class SupplyTransferChanged(Fact):
    """A transfer order was made or moved on.

    `differences` counts the lots of which fewer or more came than went out (of which fewer went out than
    promised, at issue).
    """

    type: Literal[
        "supply.reserved",
        "supply.issued",
        "supply.carried",
        "supply.delivered",
        "supply.returned",
        "supply.cancelled",
    ]
    transfer: SupplyTransferFact
    differences: int


class SupplyExpiring(Fact):
    """Goods in a warehouse run out of date, or have."""

    type: Literal["supply.expiring", "supply.expired"]
    lots: list[SupplyExpiringFact]
    warehouse_name: str
    keeper: str
    phone: str
