"""The status of every refusal of supplies."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.supplies.refusals import NothingToGive, StaleCount, StockShort, SupplyNameTaken
from app.supplies.rules.steps import TransferOutOfTurn

SUPPLY_STATUS: Mapping[type[Refusal], int] = {
    NothingToGive: 409,
    StaleCount: 409,
    StockShort: 409,
    SupplyNameTaken: 409,
    TransferOutOfTurn: 409,
}

# Faults of the shapes of supplies, in words: see `problems.py`.
SUPPLY_FAULTS: Mapping[str, tuple[str, str]] = {
    "item_twice": ("同一物资只列一行", "an item is named once"),
    "lot_twice": ("同一批次只列一行", "a lot is named once"),
    "restock_needs_warehouse": ("补库须指定要补充的仓库", "name the warehouse that is restocked"),
}
