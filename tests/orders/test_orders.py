"""Orders through the public API: numbers, texts, receipts, versions, scope (S01 step 4; rules B6, B8)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from app.dispatch.actions import intake
from app.dispatch.order.actions import drafting, issuing
from app.dispatch.order.commands import IssueIn, OrderIn
from app.signals import Text
from tests.orders.order_room import EAST_UNIT, ORDER, ORDERS, WEST_UNIT, Room
from tests.world import CARD, HILL, RIVER, SECRET_KIND, STREAM

pytestmark = pytest.mark.database


async def test_the_order_of_a_night_is_numbered_goes_out_at_once_and_its_clocks_start(room: Room) -> None:
    """Scenario S01 step 4: order texts numbered 〔2025〕n, out by the app and by Beidou, ack clocks start."""
    world = room.world
    at = room.at("02:17:30")
    incident = await world.incident()
    order = await room.order(
        title="速救东岸被困人员",
        basis="incident",
        incident_id=incident.id,
        recipients=[{"team_id": RIVER}, {"team_id": HILL}, {"unit_id": EAST_UNIT}],
        tasks=[
            {"kind": "personnel", "text": "出动12人", "owner": 0},
            {"kind": "equipment", "text": "带橡皮艇1艘", "owner": 0},
            {"kind": "action", "text": "到东岸村口接应", "owner": 1, "due_at": "2025-06-18T03:00:00+08:00"},
            {"kind": "information", "text": "报三人位置", "owner": 2},
        ],
    )
    assert order["number"] == "樟应指令〔2025〕1号"
    assert (order["incident_number"], order["addressees"]) == (
        "SJ-20250618-001",
        ["江河救援队", "东山民兵", "6镇应急管理所"],
    )
    sent = {row.address: (row.channel, row.body) for row in await world.deliveries()}
    assert sent["team:1"] == (
        "app",
        "【指令】樟应指令〔2025〕1号 速救东岸被困人员。出动12人;带橡皮艇1艘",
    )
    assert sent[CARD] == ("beidou", "【指令】樟应指令〔2025〕1号 到东岸村口接应 限03:00反馈 回复6签收")
    assert sent["unit:6"][0] == "app"
    river, hill, east = await room.parts(order["id"])
    assert (river["reach"], hill["reach"], east["reach"]) == ("app", "device", "app")
    assert all(
        part["ack_due_at"] == (at + timedelta(minutes=3)).isoformat().replace("+00:00", "Z")
        for part in (river, hill, east)
    )

    # The crew's phone shows it; the first acknowledges, by a 6 from the card too.
    (mine,) = await room.desk.read("crew", f"{ORDERS}/mine")
    await room.do("crew", f"{ORDERS}/recipients/{mine['part']['id']}/shown")
    assert (await room.parts(order["id"]))[0]["state"] == "delivered"
    room.at("02:19:10")
    acked = await room.do("crew", f"{ORDERS}/recipients/{river['id']}/acknowledge", {})
    assert (acked["state"], acked["acknowledged_by"]) == ("acknowledged", "江队队员")
    card = await world.device(CARD)
    await world.do(lambda tx: intake.hear_text(tx, card, Text("t-6", "6", b""), b"", world.clock.now()))
    assert (await room.parts(order["id"]))[1]["ack_channel"] == "beidou"

    # The third is silent: 02:20:30 supervised and reminded, 02:27:30 the unit's head is called.
    assert await room.look("02:20:30") == 1
    assert await room.look("02:27:30") == 1
    fired = (await room.parts(order["id"]))[2]["supervisions"]
    assert [(s["step"], bool(s["called"])) for s in fired] == [(1, False), (2, True)]
    story = await room.desk.read("officer", f"/api/incidents/{incident.id}/timeline")
    counts = {stage["zh"]: stage["count"] for stage in story["stages"]}
    assert [stage["zh"] for stage in story["stages"]] == list("集研判令宣行督兑")
    assert (counts["判"], counts["令"], counts["行"], counts["督"]) == (1, 2, 2, 2)
    assert {line["stage"] for line in story["entries"]} == {"judge", "order", "act", "supervise"}
    page = await room.desk.get("officer", f"/api/incidents/{incident.id}/timeline.html?stage=supervise")
    assert page.text.count("督办:") == 2 and "下达指令" not in page.text
    day = "/api/stages/statistics?first=2025-06-18&last=2025-06-18"
    told = await room.desk.read("officer", day)
    assert told["orders"] == counts["令"] + 1, "a message that was delivered belongs to them too"
    assert told["information"] == 1


async def test_two_people_who_issue_at_once_get_numbers_without_gap_or_double(room: Room) -> None:
    world, series = room.world, room.desk.house.order_series
    room.at("10:00")
    drafts = [await room.do("officer" if n % 2 else "second", ORDERS, ORDER) for n in range(8)]

    async def issue(draft: dict[str, Any], by: str, *, fails: bool) -> None:
        told = IssueIn(revision=1, issued_as="oral_consent", consent_of="周敏", consent_at=world.clock.now())
        async with world.database.transaction() as tx:
            await issuing.issue(tx, world.people[by], draft["id"], told, world.clock.now(), series)
            if fails:
                raise TimeoutError

    works = [issue(draft, "officer" if n % 2 else "second", fails=n == 3) for n, draft in enumerate(drafts)]
    outcome = await asyncio.gather(*works, return_exceptions=True)
    assert [type(one) for one in outcome].count(TimeoutError) == 1
    numbered = await world.rows(
        "SELECT running, number FROM dispatch_order WHERE number IS NOT NULL ORDER BY 1"
    )
    assert [row["running"] for row in numbered] == list(range(1, 8)), "what was rolled back took no number"
    assert numbered[0]["number"] == "樟应指令〔2025〕1号"
    world.clock.advance(timedelta(days=200))
    again = await room.world.do(
        lambda tx: drafting.draft(
            tx, world.people["officer"], OrderIn(**ORDER), world.clock.now(), series.waits
        )
    )
    told = IssueIn(revision=1, issued_as="oral_consent", consent_of="周敏", consent_at=world.clock.now())
    order = await world.do(
        lambda tx: issuing.issue(tx, world.people["officer"], again.id, told, world.clock.now(), series)
    )
    assert order.number == "樟应指令〔2026〕1号", "every year begins anew"


async def test_an_amended_order_is_acknowledged_anew_and_the_old_version_stays_readable(room: Room) -> None:
    room.at("10:00")
    order = await room.order()
    east, west = await room.parts(order["id"])
    await room.do("east", f"{ORDERS}/recipients/{east['id']}/acknowledge", {})
    amended = {
        **ORDER,
        "tasks": [*ORDER["tasks"], {"kind": "information", "text": "每小时报一次", "owner": 0}],
        "revision": order["revision"],
        "reason": "增加报告要求",
    }
    path = f"{ORDERS}/{order['id']}"
    room.at("10:05")
    second = await room.do("officer", f"{path}/amend", amended)
    assert (second["number"], second["version"]) == (order["number"], 2)
    await room.refused("officer", f"{path}/amend", 409, "stale_order", amended)
    detail = await room.desk.read("officer", path)
    assert [(v["version"], len(v["tasks"]), v["reason"]) for v in detail["versions"]] == [
        (1, 2, ""),
        (2, 3, "增加报告要求"),
    ]
    east = detail["parts"][0]
    assert (east["state"], east["acked_version"], len(east["tasks"])) == ("sent", 1, 2)
    assert any("(第2版)" in row.body for row in await room.world.deliveries())
    gone = {**amended, "revision": second["revision"], "recipients": [{"unit_id": EAST_UNIT}]}
    await room.do("officer", f"{path}/amend", gone)
    assert [part["unit_id"] for part in await room.parts(order["id"])] == [EAST_UNIT]
    assert await room.desk.read("west", f"{ORDERS}/mine") == []
    await room.refused("west", f"{ORDERS}/recipients/{west['id']}/acknowledge", 404, "not_found", {})


async def test_a_withdrawn_order_is_silent_and_says_why(room: Room) -> None:
    room.at("10:00")
    order = await room.order(report_due_at="2025-06-18T11:00:00+08:00")
    path = f"{ORDERS}/{order['id']}"
    gone = await room.do("officer", f"{path}/withdraw", {"reason": "情况已变"})
    assert (gone["state"], gone["withdrawn_reason"]) == ("withdrawn", "情况已变")
    assert await room.look("12:00") == 0
    assert {row.state for row in await room.world.deliveries()} == {"cancelled"}
    await room.refused("officer", f"{path}/withdraw", 409, "illegal_step", {"reason": "再撤"})
    east = (await room.parts(order["id"]))[0]
    await room.refused("east", f"{ORDERS}/recipients/{east['id']}/acknowledge", 409, "illegal_step", {})


async def test_only_a_leader_issues_in_his_own_name_and_who_consents_is_named(room: Room) -> None:
    room.at("10:00")
    draft = await room.do("officer", ORDERS, ORDER)
    path = f"{ORDERS}/{draft['id']}/issue"
    mine = {"revision": 1, "issued_as": "leader_in_charge"}
    assert "口头同意" in (await room.refused("officer", path, 403, "leader_must_consent", mine))["zh"]
    bare = {"revision": 1, "issued_as": "oral_consent"}
    assert "同意人" in (await room.refused("officer", path, 422, "invalid_input", bare))["zh"]
    issued = await room.do("leader", path, mine)
    assert (issued["consent_of"], issued["issued_by"]) == ("带班领导", "带班领导")
    await room.refused("leader", path, 409, "stale_order", mine)


async def test_a_township_sees_its_own_part_only_and_a_draft_nobody_outside(room: Room) -> None:
    room.at("10:00")
    draft = await room.do("officer", ORDERS, ORDER)
    assert (await room.desk.get("east", f"{ORDERS}/{draft['id']}")).status_code == 404
    assert await room.desk.read("east", ORDERS) == []
    order = await room.issue(draft)
    (east,) = await room.parts(order["id"], "east")
    assert (east["unit_id"], east["mine"]) == (EAST_UNIT, True)
    west = await room.part(order["id"], WEST_UNIT)
    assert not west["mine"]
    for step, told in (("acknowledge", {}), ("feedback", {"text": "完成"}), ("shown", {})):
        await room.refused("east", f"{ORDERS}/recipients/{west['id']}/{step}", 404, "not_found", told)
    commands: dict[str, dict[str, Any]] = {
        "issue": {"revision": 2, "issued_as": "commander"},
        "amend": {**ORDER, "revision": 2, "reason": "无权"},
        "withdraw": {"reason": "无权"},
    }
    for step, words in commands.items():
        await room.refused("east", f"{ORDERS}/{order['id']}/{step}", 403, "not_permitted", words)
    await room.refused(
        "east", f"{ORDERS}/recipients/{east['id']}/close-out", 403, "not_permitted", {"accepted": True}
    )
    assert (await room.desk.get("crew", f"{ORDERS}/{order['id']}")).status_code == 404
    assert await room.desk.read("crew", f"{ORDERS}/mine") == []
    above = {**ORDER, "recipients": [{"unit_id": WEST_UNIT}]}
    assert "管辖范围" in (await room.refused("east", ORDERS, 422, "invalid_input", above))["zh"]
    own = await room.order("east", recipients=[{"team_id": RIVER}])
    assert own["number"] == "东镇应指令〔2025〕1号", "a township numbers its own"
    assert (await room.parts(own["id"], "east"))[0]["mine"] is False
    assert (await room.desk.get("west", f"{ORDERS}/{own['id']}")).status_code == 404


async def test_an_order_on_a_need_to_know_incident_reaches_its_addressee_and_no_other_desk(
    room: Room,
) -> None:
    room.at("10:00")
    secret = await room.world.incident(event_code=SECRET_KIND)
    order = await room.order(
        basis="incident", incident_id=secret.id, recipients=[{"team_id": RIVER}, {"unit_id": WEST_UNIT}]
    )
    assert order["restricted"]
    assert [row["order"]["id"] for row in await room.desk.read("crew", f"{ORDERS}/mine")] == [order["id"]]
    assert [row["order"]["id"] for row in await room.desk.read("west", f"{ORDERS}/mine")] == [order["id"]]
    last = [event for event in await room.world.events() if event["type"] == "order.issued"]
    assert len(last) == 1
    rows = await room.world.rows("SELECT restricted FROM journal WHERE type LIKE 'order.%'")
    assert all(row["restricted"] for row in rows)


async def test_an_order_is_printed_as_the_official_form(room: Room) -> None:
    room.at("10:00")
    order = await room.order(text="请<b>立即</b>组织", report_due_at="2025-06-18T17:00:00+08:00")
    east, _ = await room.parts(order["id"])
    await room.do("east", f"{ORDERS}/recipients/{east['id']}/acknowledge", {})
    answer = await room.desk.get("officer", f"{ORDERS}/{order['id']}.docx")
    assert answer.status_code == 200, answer.text
    form = Document(BytesIO(answer.content))
    words = "\n".join(p.text for p in form.paragraphs)
    assert "樟川市应急指挥中心指令单" in words and "樟应指令〔2025〕1号" in words
    assert "经 周敏 06-18 10:00口头同意,由 值班员甲 下达" in words and "请<b>立即</b>组织" in words
    cells = [cell.text for row in form.tables[0].rows for cell in row.cells]
    assert "东镇值班员\n06-18 10:00" in cells and "未签收" in cells and "1.[行动]逐一巡查山塘水库" in cells
    assert (await room.desk.get("crew", f"{ORDERS}/{order['id']}.docx")).status_code == 404


async def test_what_makes_no_order_is_refused_with_what_to_do(room: Room) -> None:
    room.at("10:00")
    both = {"unit_id": EAST_UNIT, "team_id": RIVER}
    for wrong, field in (
        ({"recipients": [both]}, "recipients.0"),
        ({"recipients": [{"unit_id": EAST_UNIT}] * 2}, "body"),
        ({"tasks": [{"text": "去", "owner": 5}]}, "body"),
        ({"tasks": [{"text": "去", "owner": 0}]}, "body"),
        ({"basis": "incident"}, "body"),
        ({"tasks": [{"text": "x" * 1001}]}, "tasks.0.text"),
        ({"recipients": [{"unit_id": 999}]}, "recipients.0"),
    ):
        refusal = await room.refused("officer", ORDERS, 422, "invalid_input", {**ORDER, **wrong})
        assert refusal["fields"][0]["name"] == field, refusal
        assert refusal["fields"][0]["zh"] not in ("", "内容不正确")
    order = await room.order()
    east, _ = await room.parts(order["id"])
    nothing = f"{ORDERS}/recipients/{east['id']}/close-out"
    await room.refused("officer", nothing, 409, "illegal_step", {"accepted": True})
    await room.do("east", f"{ORDERS}/recipients/{east['id']}/acknowledge", {})
    await room.refused("officer", nothing, 409, "nothing_reported", {"accepted": True})
    assert {STREAM} == {row["stream"] for row in await room.world.rows("SELECT stream FROM dispatch_order")}
