"""The supplies of the demo (rules §A9): 1+22 warehouses, 22,775 items by lot, and a flood season begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from app.db import Database, Tx
from app.demo.city import City
from app.demo.names import person_names
from app.demo.registers import CATALOGUE, Stock
from app.org.rules.access import Viewer
from app.stage.hands import hand_of
from app.supplies.actions import requests, transfers
from app.supplies.actions.booking import book
from app.supplies.rules.ledger import Account, Movement
from app.supplies.settings import SupplyPolicy
from app.supplies.store import ledger, stock
from app.supplies.store.ledger import Stamp
from app.supplies.tables import SupplyItem, SupplyLot, SupplyWarehouse
from app.supplies.transfer_commands import (
    ReceiptIn,
    SignatureIn,
    SupplyNeedIn,
    SupplyRequestIn,
    TransferIssueIn,
)

STREAM = "990181"
ZONE = ZoneInfo("Asia/Shanghai")
SEED_OF_NAMES = 38565
# Items that run out of date: how long the main lot is good. The rest keeps.
_GOOD_FOR_DAYS = {"应急包": 700, "雨衣": 900, "雨靴": 1100, "救生衣": 1300, "救生圈": 1300}
# Lots of their own in some townships: in the played demo they are old, so that each stage of the alarm is
# seen. Item, township, days left.
_ODD = {
    ("应急包", "store-990181101"): 45,
    ("应急包", "store-990181102"): 20,
    ("应急包", "store-990181103"): 5,
    ("雨衣", "store-990181104"): -12,
}
CENTRAL = ("990181100000", "990181104000", "990181106000")
"""The three central townships to which goods go before the flood (A5.4)."""


@dataclass(frozen=True, slots=True)
class _Lot:
    item: str
    number: str
    expires_on: date | None


def _lot_of(one: Stock, today: date) -> _Lot:
    if (good_for := _GOOD_FOR_DAYS.get(one.item)) is not None:
        day = today + timedelta(days=good_for)
        old = (one.item, one.warehouse_key) in _ODD
        return _Lot(one.item, _odd_number(one.warehouse_key) if old else f"{day:%Y%m}", day)
    return _Lot(one.item, "", None)


def _odd_number(warehouse_key: str) -> str:
    return f"旧批-{warehouse_key[-3:]}"


async def lay_in(tx: Tx, city: City, stream: str, now: datetime) -> None:
    """Write warehouses, items and lots, and book what lies there as the first count."""
    today = now.astimezone(ZONE).date()
    stores = dict(zip((one.key for one in city.warehouses), _warehouses(city, stream), strict=True))
    items = {
        name: SupplyItem(stream=stream, code=code, name_zh=name, name_en=english, unit=unit)
        for name, (code, english) in CATALOGUE.items()
        for unit in {one.unit for one in city.stock if one.item == name}
    }
    tx.add_all([*stores.values(), *items.values()])
    await tx.flush()
    meant = {one: _lot_of(one, today) for one in city.stock}
    lots = {
        lot: SupplyLot(item_id=items[lot.item].id or 0, number=lot.number, expires_on=lot.expires_on)
        for lot in dict.fromkeys(meant.values())
    }
    tx.add_all(lots.values())
    await tx.flush()
    await ledger.serialise(tx, stream)
    moved = [
        Movement(
            "received",
            lots[lot].id or 0,
            one.quantity,
            Account("source"),
            Account("shelf", stores[one.warehouse_key].id or 0),
            "期初库存",
        )
        for one, lot in meant.items()
    ]
    await book(tx, stream, moved, Stamp(now, now, "演示数据"))


def _warehouses(city: City, stream: str) -> Iterator[SupplyWarehouse]:
    names = list(
        islice(
            person_names(SEED_OF_NAMES, frozenset(person.name_zh for person in city.people)),
            len(city.warehouses),
        )
    )
    for number, (one, keeper) in enumerate(zip(city.warehouses, names, strict=True), start=1):
        yield SupplyWarehouse(
            stream=stream,
            level=one.level,
            name_zh=one.name_zh,
            name_en=f"{city.region_by_code[one.region_code].name_en} relief store",
            region_code=one.region_code,
            place="大桥街道储备路8号" if one.level == "city" else "乡镇机关院内",
            keeper=keeper,
            phone=f"1960000{number:04d}",  # nobody has such a number
            lon=one.lon,
            lat=one.lat,
        )


async def preposition(database: Database, policy: SupplyPolicy, now: datetime) -> None:
    """Bring life jackets and ropes to three central townships before the flood, some lots grown old.

    The last of the orders still waits for its keeper.
    """
    async with database.transaction() as tx:
        by = await hand_of(tx, "shift")
        items = {one.name_zh: one.id for one in await stock.items(tx, STREAM)}
        wanted = [
            SupplyNeedIn(item_id=items[name], quantity=quantity)
            for name, quantity in (("救生衣", 40), ("救生圈", 10), ("安全绳", 5), ("雨衣", 60))
        ]
        lots = await stock.lots(tx, STREAM)
        for (item, warehouse), days in _ODD.items():
            old = lots[items[item], _odd_number(warehouse)]
            old.expires_on = policy.today(now) + timedelta(days=days)
        await tx.flush()
        for number, code in enumerate(CENTRAL):
            told = SupplyRequestIn(
                kind="preposition", region_code=code, reason="提前布防", key_period="汛期", needs=wanted
            )
            made = await requests.ask(tx, by, told, now, policy, None)
            if number < len(CENTRAL) - 1:
                for order in made.transfers:
                    await _deliver(tx, by, order.id, order.keeper, policy, now)


async def _deliver(tx: Tx, by: Viewer, order: int, keeper: str, policy: SupplyPolicy, now: datetime) -> None:
    await transfers.issue(tx, by, order, TransferIssueIn(name=keeper), now, policy)
    await transfers.carry(tx, by, order, SignatureIn(name="运输队 陈师傅", vehicle="赣C0A001"), now)
    await transfers.receive(tx, by, order, ReceiptIn(name="乡镇值班员"), now)
