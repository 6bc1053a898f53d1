"""From a request to the last signature: reserved at once, short issues made good, differences booked."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from typing import Any

import pytest
from docx import Document

from tests.api.desk import problem
from tests.supplies.stores import B1, B2, BLANKET, BOAT, BOATS, CITY, EASTERN, WESTERN, Stores
from tests.world import EAST, EAST_BANK, SECRET_KIND

pytestmark = pytest.mark.database
PATH = "/api/supplies/transfers"


async def test_a_request_is_answered_nearest_first_and_reserved_at_once(stores: Stores) -> None:
    where = {"region_code": EAST_BANK, "needs": [{"item_id": BLANKET, "quantity": 420}]}
    advice = stores.done(await stores.desk.post("officer", "/api/supplies/proposals", where))
    told = [(one["warehouse_id"], one["lot_id"], one["quantity"]) for one in advice["picks"]]
    assert told == [(EASTERN, B1, 50), (EASTERN, B2, 50), (WESTERN, B2, 300), (CITY, B2, 20)]
    assert "动用市级储备" in str(advice["picks"][3]["reasons"])
    assert await stores.lying(EASTERN, B1) == (50, 0)  # a proposal reserves nothing

    asked_at = (stores.desk.world.clock.now() - timedelta(minutes=20)).isoformat()
    made = await stores.asked(420, asked_at=asked_at, channel="satellite_phone", voucher="东岸村主任")
    assert made["shortfalls"] == []
    assert [one["number"] for one in made["transfers"]] == [f"樟应调〔2025〕第 {n} 号" for n in (1, 2, 3)]
    assert [one["warehouse_id"] for one in made["transfers"]] == [EASTERN, WESTERN, CITY]
    assert made["request"]["asked_at"] < made["request"]["told_at"] == made["request"]["entered_at"]
    assert (made["request"]["channel"], made["request"]["voucher"]) == ("satellite_phone", "东岸村主任")
    assert await stores.lying(EASTERN, B1) == (0, 50)
    assert await stores.lying(CITY, B2) == (580, 20)
    await stores.books_balance()
    types = await stores.desk.world.types()
    assert types[-4:] == ["supply.requested", *["supply.reserved"] * 3]


async def test_twenty_simultaneous_requests_never_oversell(stores: Stores) -> None:
    """1,000 blankets, twenty times 80: twelve are served in full, one in part, seven are refused."""
    answers = await asyncio.gather(*(stores.ask(80) for _ in range(20)))
    served = [one.json() for one in answers if one.status_code == 201]
    refused = [problem(one, 409, "nothing_to_give") for one in answers if one.status_code != 201]
    assert (len(served), len(refused)) == (13, 7)
    assert "上级或相邻县市" in refused[0]["zh"]
    lines = [line for made in served for order in made["transfers"] for line in order["lines"]]
    assert sum(line["reserved"] for line in lines) == 1000
    assert sorted(short["missing"] for made in served for short in made["shortfalls"]) == [40]
    numbers = [order["number"] for made in served for order in made["transfers"]]
    assert len(numbers) == len(set(numbers))
    accounts = await stores.books_balance()
    assert (accounts["shelf"], accounts["reserved"], accounts["source"]) == (6, 1000, -1006)


async def test_a_short_issue_is_made_good_from_the_next_warehouse(stores: Stores) -> None:
    (order,) = (await stores.asked(90))["transfers"]
    lines: list[dict[str, Any]] = [{"lot_id": B2, "issued": 10}]
    answer = await stores.step("east", order["id"], "issue", lines=lines)
    assert "须写明原因" in problem(answer, 422, "invalid_input")["zh"]
    lines = [{"lot_id": B2, "issued": 10, "reason": "受潮", "missing": False}]
    done = await stores.stepped("east", order["id"], "issue", lines=lines)
    (other,) = done["replanned"]
    assert (other["warehouse_id"], other["replans_id"]) == (WESTERN, order["id"])
    assert [(line["lot_id"], line["reserved"]) for line in other["lines"]] == [(B2, 30)]
    assert await stores.lying(EASTERN, B2) == (40, 0)  # it stays on the shelf …

    lines = [{"lot_id": B2, "issued": 0, "reason": "清点时不见", "missing": True}]
    gone = await stores.stepped("west", other["id"], "issue", lines=lines)
    assert (gone["transfer"]["state"], gone["transfer"]["cancel_reason"]) == ("cancelled", "清点时不见")
    (third,) = gone["replanned"]
    assert third["warehouse_id"] == CITY  # … but the east, which has let it down, is not asked again
    assert await stores.lying(WESTERN, B2) == (270, 0)
    assert (await stores.books_balance())["difference"] == 30


async def test_what_came_is_not_what_went_out_and_says_why(stores: Stores) -> None:
    (order,) = (await stores.asked(60))["transfers"]
    id_ = order["id"]
    out_of_turn = await stores.step("officer", id_, "receipt")
    assert "已预留" in problem(out_of_turn, 409, "transfer_out_of_turn")["zh"]
    await stores.stepped("east", id_, "issue")
    await stores.stepped("east", id_, "carriage", vehicle="赣C12345")
    unlike: list[dict[str, Any]] = [
        {"lot_id": B1, "received": 47},
        {"lot_id": B2, "received": 11, "reason": "多装一床"},
    ]
    answer = await stores.step("east", id_, "receipt", lines=unlike)
    assert "发出 50、收到 47" in problem(answer, 422, "invalid_input")["zh"]
    unlike[0]["reason"] = "途中淋湿"
    came = await stores.stepped("east", id_, "receipt", lines=unlike)
    assert came["state"] == "delivered"
    assert [(one["received"], one["difference_reason"]) for one in came["lines"]] == [
        (47, "途中淋湿"),
        (11, "多装一床"),
    ]
    assert [one["part"] for one in came["signatures"]] == ["issue", "carry", "receive"]
    accounts = await stores.books_balance()
    assert (accounts["field"], accounts["difference"], accounts["transit"]) == (58, 2, 0)
    assert (await stores.desk.world.events())[-1]["differences"] == 2


async def test_goods_are_pre_positioned_for_a_key_period_and_come_back(stores: Stores) -> None:
    made = await stores.asked(2, item=BOAT, kind="preposition", region_code=EAST, key_period="汛期")
    (order,) = made["transfers"]
    assert (order["warehouse_id"], order["key_period"], order["kind"]) == (WESTERN, "汛期", "preposition")
    await stores.delivered(order["id"])
    totals = (await stores.desk.read("officer", "/api/supplies"))["totals"]
    assert next(one for one in totals if one["item_id"] == BOAT)["field"] == 2
    too_many = {"reason": "汛期结束", "lines": [{"lot_id": BOATS, "returned": 3}]}
    answer = await stores.step("officer", order["id"], "return", **too_many)
    assert "超过在外数量 2" in problem(answer, 422, "invalid_input")["zh"]
    nothing = {"reason": "汛期结束", "lines": [{"lot_id": BOATS}]}
    problem(await stores.step("officer", order["id"], "return", **nothing), 422, "invalid_input")
    one = {"reason": "汛期结束", "lines": [{"lot_id": BOATS, "returned": 1}]}
    back = await stores.stepped("officer", order["id"], "return", **one, warehouse_id=CITY)
    assert back["state"] == "delivered" and await stores.lying(CITY, BOATS) == (5, 0)
    used = {"reason": "翻沉", "lines": [{"lot_id": BOATS, "used": 1}]}
    assert (await stores.stepped("officer", order["id"], "return", **used))["state"] == "settled"
    assert (await stores.books_balance())["field"] == 0


async def test_a_warehouse_is_restocked_and_never_from_itself(stores: Stores) -> None:
    told: dict[str, Any] = {"kind": "restock", "to_warehouse_id": EASTERN, "region_code": EAST}
    problem(await stores.ask(10, kind="restock", region_code=EAST), 422, "invalid_input")
    (order,) = (await stores.asked(100, **told))["transfers"]
    assert order["warehouse_id"] == WESTERN and order["to_name"] == "东镇储备点"
    came = await stores.delivered(order["id"])
    assert came["state"] == "settled" and await stores.lying(EASTERN, B2) == (150, 0)
    await stores.books_balance()


async def test_an_order_is_taken_back_even_from_the_road(stores: Stores) -> None:
    first, second = (await stores.asked(120))["transfers"]
    why = {"reason": "险情解除"}
    assert (await stores.stepped("officer", first["id"], "cancellation", **why))["state"] == "cancelled"
    await stores.stepped("officer", second["id"], "issue")
    await stores.stepped("officer", second["id"], "carriage")
    await stores.stepped("officer", second["id"], "cancellation", **why)
    again = await stores.step("officer", second["id"], "cancellation", **why)
    problem(again, 409, "transfer_out_of_turn")
    accounts = await stores.books_balance()
    assert (accounts["shelf"], accounts["reserved"], accounts["transit"]) == (1006, 0, 0)


async def test_the_dispatchers_choice_wins_but_never_below_zero(stores: Stores) -> None:
    choice = [{"warehouse_id": CITY, "lot_id": B2, "quantity": 30}]
    made = await stores.asked(50, picks=choice)
    assert [one["warehouse_id"] for one in made["transfers"]] == [CITY]
    assert made["shortfalls"][0]["missing"] == 20
    choice[0]["quantity"] = 601
    short = problem(await stores.ask(700, picks=choice), 409, "stock_short")
    assert "市储备库的棉被(B2)只剩 570床,不足 601床" in short["zh"]
    too_many = problem(await stores.ask(10, picks=choice), 422, "invalid_input")
    assert "超过需要的数量" in too_many["zh"]
    unknown = [{"warehouse_id": 77, "lot_id": B2, "quantity": 1}]
    problem(await stores.ask(10, picks=unknown), 404, "not_found")
    assert len(await stores.desk.read("officer", PATH)) == 1  # who is refused leaves nothing behind


async def test_a_township_draws_on_its_own_store_and_sees_the_citys_totals(stores: Stores) -> None:
    page = await stores.desk.read("east", "/api/supplies")
    assert [one["id"] for one in page["warehouses"]] == [EASTERN]
    assert {one["warehouse_id"] for one in page["piles"]} == {EASTERN}
    assert next(one for one in page["totals"] if one["item_id"] == BLANKET)["free"] == 1000
    assert page["adequacy"]["persons"] == 0  # no towel quilts at all
    made = await stores.asked(120, "east")
    assert [one["warehouse_id"] for one in made["transfers"]] == [EASTERN]
    assert "缺 20床,请向市应急指挥中心申请" in made["shortfalls"][0]["zh"]
    problem(await stores.ask(1, "east"), 409, "nothing_to_give")
    problem(await stores.ask(1, "west"), 404, "not_found")  # the east bank is not theirs
    order = made["transfers"][0]["id"]
    problem(await stores.step("west", order, "issue"), 404, "not_found")
    assert await stores.desk.read("west", PATH) == []
    for who in ("auditor", "crew"):
        problem(await stores.ask(1, who), 403, "not_permitted")
    problem(await stores.step("auditor", order, "issue"), 403, "not_permitted")
    problem(await stores.desk.get("crew", "/api/supplies"), 403, "not_permitted")
    # The city sends: the township receives what it has not issued.
    (second,) = (await stores.asked(3, item=BOAT))["transfers"][:1]
    problem(await stores.step("east", second["id"], "issue"), 403, "not_permitted")
    await stores.stepped("officer", second["id"], "issue")
    await stores.stepped("officer", second["id"], "carriage")
    assert (await stores.stepped("east", second["id"], "receipt"))["state"] == "delivered"


async def test_an_order_belongs_to_its_incident_and_is_as_secret(stores: Stores) -> None:
    world = stores.desk.world
    open_ = await world.incident()
    secret = await world.incident(event_code=SECRET_KIND)
    await stores.asked(5, incident_id=open_.id)
    await stores.asked(6, incident_id=secret.id)
    (order,) = await stores.desk.read("officer", f"{PATH}?incident_id={open_.id}")
    assert order["incident_number"] == open_.number
    assert len(await stores.desk.read("officer", PATH)) == 2
    assert [one["incident_id"] for one in await stores.desk.read("east", PATH)] == [open_.id]
    problem(await stores.ask(1, incident_id=999), 404, "not_found")
    problem(await stores.ask(1, "east", incident_id=secret.id), 404, "not_found")
    timeline = await stores.desk.read("officer", f"/api/incidents/{open_.id}/timeline")
    assert any("调拨预留" in line["zh"] for line in timeline["entries"])
    told = [event for event in await world.events() if event["type"] == "supply.reserved"]
    assert len(told) == 2


async def test_the_slip_is_printed_with_three_signatures(stores: Stores) -> None:
    (order,) = (await stores.asked(60, reason="<b>转移</b>\u202e群众"))["transfers"]
    await stores.delivered(order["id"])
    slip = await stores.desk.get("east", f"{PATH}/{order['id']}/slip.docx")
    words = Document(io.BytesIO(slip.content))
    text = "\n".join(p.text for p in words.paragraphs)
    assert "物资调拨单" in text and "樟应调〔2025〕第 1 号" in text and "<b>转移</b>群众" in text
    assert all(f"{word}:张保管" in text for word in ("保管员(发出)", "承运人", "接收人"))
    cells = [cell.text for cell in words.tables[0].rows[1].cells]
    assert cells[:2] == ["1010101", "棉被"] and cells[4:7] == ["50", "50", "50"]
    pdf = await stores.desk.get("east", f"{PATH}/{order['id']}/slip.pdf")
    assert pdf.status_code == 503 or pdf.content.startswith(b"%PDF")
    problem(await stores.desk.get("west", f"{PATH}/{order['id']}/slip.docx"), 404, "not_found")


@pytest.mark.parametrize(
    ("told", "zh"),
    [
        ({"needs": [{"item_id": 1, "quantity": 0}]}, "不能小于 1"),
        ({"needs": []}, "needs"),
        ({"needs": [{"item_id": 1, "quantity": 1}] * 2}, "同一物资只列一行"),
        ({"needs": [{"item_id": 99, "quantity": 1}]}, "目录中没有"),
        ({"asked_at": "2025-06-18T03:00:00+08:00"}, "晚于现在"),
        ({"lon": 118.2}, "经度和纬度须同时填写"),
        ({"reason": " "}, "不能为空"),
    ],
)
async def test_a_request_that_cannot_be_meant_is_refused(
    stores: Stores, told: dict[str, Any], zh: str
) -> None:
    answer = await stores.ask(1, **told)
    assert zh in problem(answer, 422, "invalid_input")["zh"]


async def test_the_same_request_twice_is_carried_out_once(stores: Stores) -> None:
    told = {"region_code": EAST_BANK, "reason": "x", "needs": [{"item_id": BLANKET, "quantity": 10}]}
    first, second = [
        await stores.desk.post("officer", "/api/supplies/requests", told, Idempotency_Key="one")
        for _ in range(2)
    ]
    assert first.json() == second.json()
    assert await stores.lying(EASTERN, B1) == (40, 10)
