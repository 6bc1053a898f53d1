"""Goods come, are counted, expire and are thrown away; a sheet is taken in; the ledger shows it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.api.route import COOKIE
from app.supplies.actions import expiry
from app.supplies.settings import load_policy
from app.supplies.stock_sheet import HEADERS
from tests.api.desk import problem
from tests.supplies.sheets import sheet_of
from tests.supplies.stores import B1, B2, BLANKET, BOATS, CITY, EASTERN, WESTERN, Stores
from tests.world import EAST, STREAM, ZONE

pytestmark = pytest.mark.database
PATH = "/api/supplies"
POLICY = load_policy(None, "樟应调", ZONE)


def counted(warehouse: int, *lines: tuple[int, int, int, str]) -> dict[str, Any]:
    return {
        "warehouse_id": warehouse,
        "counted_by": "张保管",
        "lines": [
            {"lot_id": lot, "booked": booked, "counted": found, "reason": reason}
            for lot, booked, found, reason in lines
        ],
    }


async def test_a_stock_take_books_its_differences_with_their_reasons(stores: Stores) -> None:
    await stores.asked(20)  # reserved in the east: it still lies there and is counted
    take = counted(EASTERN, (B1, 50, 48, ""), (B2, 50, 53, "上次漏盘"))
    answer = await stores.desk.post("east", f"{PATH}/stock-takes", take)
    assert "账面 50、实盘 48" in problem(answer, 422, "invalid_input")["zh"]
    take["lines"][0]["reason"] = "虫蛀"
    made = stores.done(await stores.desk.post("east", f"{PATH}/stock-takes", take), 201)
    assert [(one["booked"], one["counted"], one["reason"]) for one in made["lines"]] == [
        (50, 48, "虫蛀"),
        (50, 53, "上次漏盘"),
    ]
    assert await stores.lying(EASTERN, B1) == (28, 20)
    assert await stores.lying(EASTERN, B2) == (53, 0)
    assert (await stores.books_balance())["difference"] == -1
    stale = await stores.desk.post("east", f"{PATH}/stock-takes", counted(EASTERN, (B1, 50, 48, "x")))
    assert "棉被现为 48" in problem(stale, 409, "stale_count")["zh"]
    gone = await stores.desk.post("east", f"{PATH}/stock-takes", counted(EASTERN, (B1, 48, 19, "盗")))
    assert "少于已预留 20" in problem(gone, 422, "invalid_input")["zh"]
    theirs = await stores.desk.post("west", f"{PATH}/stock-takes", counted(EASTERN, (B1, 48, 48, "")))
    problem(theirs, 404, "not_found")
    assert len(await stores.desk.read("east", f"{PATH}/stock-takes?warehouse_id={EASTERN}")) == 1
    assert await stores.desk.read("west", f"{PATH}/stock-takes") == []
    moved = await stores.desk.read("east", f"{PATH}/movements?warehouse_id={EASTERN}")
    assert [(one["kind"], one["quantity"], one["reason"]) for one in moved[:2]] == [
        ("counted_more", 3, "上次漏盘"),
        ("counted_less", 2, "虫蛀"),
    ]


async def test_goods_come_in_by_lot_and_are_thrown_away_never_below_zero(stores: Stores) -> None:
    told = {
        "warehouse_id": EASTERN,
        "item_id": BLANKET,
        "quantity": 30,
        "lot": "B3",
        "expires_on": "2027-01-01",
        "reason": "采购",
    }
    pile = stores.done(await stores.desk.post("east", f"{PATH}/receipts", told), 201)
    assert (pile["free"], pile["lot"]) == (30, "B3")
    other = {**told, "expires_on": "2028-01-01"}
    answer = await stores.desk.post("east", f"{PATH}/receipts", other)
    assert "有效期为 2027-01-01" in problem(answer, 422, "invalid_input")["zh"]
    gone = {"warehouse_id": EASTERN, "lot_id": pile["lot_id"], "quantity": 31, "reason": "霉变"}
    short = problem(await stores.desk.post("east", f"{PATH}/scrappings", gone), 409, "stock_short")
    assert short["zh"].startswith("东镇储备点的棉被(B3)只剩 30床,不足 31床;请减少数量")
    left = stores.done(await stores.desk.post("east", f"{PATH}/scrappings", {**gone, "quantity": 30}), 201)
    assert left["free"] == 0
    problem(
        await stores.desk.post("east", f"{PATH}/receipts", {**told, "warehouse_id": CITY}), 404, "not_found"
    )
    problem(await stores.desk.post("auditor", f"{PATH}/receipts", told), 403, "not_permitted")
    assert (await stores.books_balance())["scrapped"] == 30


async def test_items_and_warehouses_are_entered_once_with_a_code_of_seven_digits(stores: Stores) -> None:
    item = {"code": "1010102", "name_zh": "毛巾被", "unit": "床"}
    assert stores.done(await stores.desk.post("officer", f"{PATH}/items", item), 201)["code"] == "1010102"
    problem(await stores.desk.post("officer", f"{PATH}/items", item), 409, "supply_name_taken")
    wrong = {**item, "name_zh": "被", "code": "1000102"}
    problem(await stores.desk.post("officer", f"{PATH}/items", wrong), 422, "invalid_input")
    house = {"level": "township", "name_zh": "东镇二库", "region_code": EAST, "keeper": "李四"}
    made = stores.done(await stores.desk.post("east", f"{PATH}/warehouses", house), 201)
    assert (made["lon"], made["lat"]) == (118.21, 28.51)  # where its region lies
    problem(await stores.desk.post("east", f"{PATH}/warehouses", house), 409, "supply_name_taken")
    problem(await stores.desk.post("west", f"{PATH}/warehouses", {**house, "name_zh": "x"}), 404, "not_found")
    patch = {"keeper": "王五", "phone": "13900000000"}
    moved = await stores.desk.ask("east", "PATCH", f"{PATH}/warehouses/{made['id']}", patch)
    assert (moved.json()["keeper"], moved.json()["phone"]) == ("王五", "13900000000")
    problem(
        await stores.desk.ask("west", "PATCH", f"{PATH}/warehouses/{made['id']}", patch), 404, "not_found"
    )


async def test_expiry_is_told_once_a_stage_and_what_has_expired_is_not_given_out(stores: Stores) -> None:
    world = stores.desk.world

    async def look() -> int:
        return await world.do(lambda tx: expiry.watch(tx, STREAM, POLICY, world.clock.now()))

    head = await world.head()
    assert [await look(), await look()] == [1, 0]  # 44 days left
    (told,) = await world.events(head)
    assert (told["type"], told["warehouse_name"], told["lots"][0]["stage"]) == (
        "supply.expiring",
        "东镇储备点",
        60,
    )
    for days, stage in ((14, 30), (23, 7), (8, 0)):
        world.later(days=days)
        assert [await look(), await look()] == [1, 0]
        assert (await world.events())[-1]["lots"][0]["stage"] == stage
    assert (await world.types())[-1] == "supply.expired"
    await world.run("UPDATE login_session SET expires_at = expires_at + interval '99 days'")
    listed = await stores.desk.read("east", f"{PATH}/expiring")
    assert [(one["lot"], one["quantity"], one["stage"]) for one in listed] == [("B1", 50, 0)]
    assert await stores.desk.read("west", f"{PATH}/expiring") == []
    (order,) = (await stores.asked(60))["transfers"][:1]
    assert [line["lot_id"] for line in order["lines"]] == [B2]


async def send(stores: Stores, sheet: bytes, who: str = "officer", *, apply: bool = False) -> Any:
    return await stores.desk.client.post(
        f"{PATH}/import?apply={str(apply).lower()}",
        content=sheet,
        headers={"Cookie": f"{COOKIE}=token-{who}"},
    )


async def test_a_sheet_is_looked_at_before_it_is_taken(stores: Stores) -> None:
    sheet = sheet_of(
        ("市储备库", 1010101, "棉被", "床", "B2", "2026-08-01", 650),
        ("东镇储备点", None, "棉被", None, "B1", "2025/8/1", 40),
        ("西镇储备点", "2030101", "冲锋舟", "艘", None, None, 2),
        ("市储备库", "1020101", "方便面", "箱", "F1", "2026年1月31日", 200),
    )
    seen = stores.done(await send(stores, sheet))
    assert (seen["created"], seen["amended"], seen["unchanged"], seen["faults"]) == (1, 2, 1, [])
    assert [(one["booked"], one["quantity"]) for one in seen["rows"]] == [
        (600, 650),
        (50, 40),
        (2, 2),
        (0, 200),
    ]
    assert await stores.lying(CITY, B2) == (600, 0)
    done = stores.done(await send(stores, sheet, apply=True))
    assert done["applied"]
    assert await stores.lying(CITY, B2) == (650, 0)
    assert await stores.lying(EASTERN, B1) == (40, 0)
    assert (await stores.desk.world.types())[-1] == "supply.imported"
    assert stores.done(await send(stores, sheet))["unchanged"] == 4
    await stores.books_balance()


async def test_every_bad_cell_is_named_and_nothing_is_taken(stores: Stores) -> None:
    await stores.asked(50)
    sheet = sheet_of(
        ("无此仓库", None, "棉被", None, "B2", None, 1),
        ("市储备库", "9999999", "棉被", "床", "B2", "2026-08-01", 1),
        ("市储备库", "1010102", "棉被", "条", "B2", "2026-08-02", 1),
        ("市储备库", None, "无此物资", None, "", None, 1),
        ("市储备库", None, "棉被", None, "B9", "明年", "-3"),
        ("东镇储备点", None, "棉被", None, "B1", "2025-08-01", 49),
        ("市储备库", None, "冲锋舟", None, None, None, 3),
        ("市储备库", None, "冲锋舟", None, None, None, 4),
    )
    seen = stores.done(await send(stores, sheet))
    cells = sorted(one["cell"] for one in seen["faults"])
    assert cells == ["A2", "B3", "B4", "C5", "C9", "D4", "F4", "F6", "G6", "G7"]
    said = {one["cell"]: one["zh"] for one in seen["faults"]}
    assert "已预留的 50" in said["G7"] and "与第 8 行重复" in said["C9"] and "7位数字" in said["B3"]
    problem(await send(stores, sheet, apply=True), 422, "invalid_input")
    problem(await send(stores, b"no sheet"), 422, "invalid_input")
    mine = sheet_of(("市储备库", None, "棉被", None, "B2", "2026-08-01", 1))
    assert stores.done(await send(stores, mine, "east"))["faults"][0]["cell"] == "A2"
    problem(await send(stores, mine, "auditor"), 403, "not_permitted")


async def test_the_exported_sheet_is_imported_without_a_change(stores: Stores) -> None:
    await stores.asked(20)
    book = (await stores.desk.get("officer", f"{PATH}/stock.xlsx")).content
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(HEADERS.values()) and len(rows) == 7
    assert ("东镇储备点", "1010101", "棉被", "床", "B1", "2025-08-01", 50, 20) in rows
    assert stores.done(await send(stores, book))["unchanged"] == 6
    mine = (await stores.desk.get("east", f"{PATH}/stock.xlsx")).content
    assert "市储备库" not in str(list(load_workbook(io.BytesIO(mine)).active.iter_rows(values_only=True)))  # type: ignore[union-attr]


_DOING = st.tuples(
    st.sampled_from(["ask", "issue", "carriage", "receipt", "return", "cancellation", "count", "scrap"]),
    st.integers(0, 3),
    st.integers(0, 250),
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doing=st.lists(_DOING, min_size=4, max_size=10))
async def test_whatever_people_do_the_books_of_the_database_balance(
    stores: Stores, doing: list[tuple[str, int, int]]
) -> None:
    for what, n, amount in doing:
        orders = await stores.desk.read("officer", f"{PATH}/transfers?running=true")
        lot = (B1, B2, BOATS)[n % 3]
        if what == "ask":
            answer = await stores.ask(amount)
        elif what == "count":
            store = (CITY, EASTERN, WESTERN)[n % 3]
            booked = sum(await stores.lying(store, lot))
            take = counted(store, (lot, booked, amount, "盘点"))
            answer = await stores.desk.post("officer", f"{PATH}/stock-takes", take)
        elif what == "scrap":
            told = {"warehouse_id": EASTERN, "lot_id": lot, "quantity": amount, "reason": "坏"}
            answer = await stores.desk.post("officer", f"{PATH}/scrappings", told)
        elif orders:
            order = orders[n % len(orders)]
            answer = await stores.step("officer", order["id"], what, **_told(what, order, amount))
        else:
            continue
        assert answer.status_code in {200, 201, 409, 422}, answer.text
        await stores.books_balance()


def _told(what: str, order: dict[str, Any], amount: int) -> dict[str, Any]:
    lot = order["lines"][0]["lot_id"]
    match what:
        case "issue":
            return {"lines": [{"lot_id": lot, "issued": amount, "missing": amount % 2 == 0, "reason": "缺"}]}
        case "receipt":
            return {"lines": [{"lot_id": lot, "received": amount, "reason": "差"}]}
        case "return":
            return {
                "reason": "归还",
                "lines": [{"lot_id": lot, "returned": amount // 2, "used": amount // 3}],
            }
        case "cancellation":
            return {"reason": "撤销"}
    return {}


@pytest.mark.parametrize(
    "asked", ["stock-takes?warehouse_id=", "movements?warehouse_id=", "movements?before="]
)
async def test_a_number_as_large_as_any_row_has_is_none_of_ours_and_no_error(
    stores: Stores, asked: str
) -> None:
    answer = await stores.desk.get("east", f"{PATH}/{asked}{2**63 - 2}")
    assert answer.status_code == 200, answer.text
