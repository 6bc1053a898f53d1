"""The demo's supplies: 1+22 warehouses, 22,775 pieces, enough for 3,500 persons."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.db import Database
from app.stage.seed import STREAM, seed
from app.stage.supplies import preposition
from app.supplies.actions import expiry
from app.supplies.rules.adequacy import adequacy
from app.supplies.rules.codes import is_code
from app.supplies.settings import load_policy
from app.supplies.store import ledger, stock
from tests.world import ZONE

pytestmark = pytest.mark.database
NOW = datetime(2025, 6, 18, 1, 0, tzinfo=UTC)
POLICY = load_policy(None, "樟应调", ZONE)


async def test_the_demo_holds_what_the_city_says_and_suffices_for_3500(database: Database) -> None:
    await seed(database, NOW)
    await preposition(database, POLICY, NOW)
    async with database.transaction() as tx:
        stores = await stock.warehouses(tx, STREAM, "")
        items = await stock.items(tx, STREAM)
        totals = await stock.totals(tx, STREAM)
        found = adequacy(POLICY.norm, await stock.good_by_code(tx, STREAM, POLICY.today(NOW)))
        books = await ledger.books(tx, STREAM)
        near = await expiry.near(tx, STREAM, "", POLICY, NOW)
    assert [one.level for one in stores] == ["city"] + ["township"] * 22
    assert all(one.keeper and one.phone for one in stores)
    assert len(items) == 17 and all(is_code(one.code) for one in items)
    assert sum(one.free + one.reserved + one.transit + one.field for one in totals) == 22_775
    assert (found.persons, found.enough) == (3500, True)
    assert sum(one.limits for one in found.shares) == 5
    assert (books.sum, books.accounts["source"]) == (0, -22_775)
    assert books.accounts["field"] == 230 and books.accounts["reserved"] == 115
    assert [one.stage for one in near] == [0, 7, 30, 60]
