"""Scenario S03 step 3: a card is proposed, a leader approves, all tasks are out in one action."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.response.war_room import LEAK, PLANS, RUNS, WarRoom
from tests.world import EAST_BANK, STREAM

pytestmark = pytest.mark.database


async def leaking(room: WarRoom) -> dict[str, Any]:
    told = {
        "event_code": LEAK,
        "region_code": EAST_BANK,
        "lon": 118.21,
        "lat": 28.51,
        "title": "工业园区液氨泄漏",
    }
    found: dict[str, Any] = await room.do("officer", "/api/incidents", told)
    return found


async def test_eleven_tasks_go_out_in_one_action_and_eleven_receipts_are_tracked(room: WarRoom) -> None:
    plan = await room.carded("hazardous_chemicals")
    await room.carded("general")
    room.at("2025-06-20 07:53")
    incident = await leaking(room)

    # 07:55 the card is proposed, with the reason in words.
    room.at("2025-06-20 07:55")
    query = f"event_code={LEAK}&region_code={EAST_BANK}"
    proposed = await room.desk.read("officer", f"{PLANS}/proposals?{query}")
    assert [one["plan"]["id"] for one in proposed] == [plan]
    assert proposed[0]["why_zh"] == "事件类型 12D02危险化学品泄漏,属专项预案适用范围(12D)"
    preview = await room.desk.read("officer", f"{PLANS}/{plan}/preview?level=4&region_codes={EAST_BANK}")
    assert (len(preview["tasks"]), preview["receivers"], preview["unresolved"]) == (11, 11, 0)
    town = next(task for task in preview["tasks"] if task["to"] == "@乡镇")
    # A village in danger is its township's business, and somebody is on duty there.
    assert [(one["unit_id"], one["contact"]) for one in town["receivers"]] == [(6, "值班6")]

    cause = {
        "plan_id": plan,
        "level": 4,
        "cause_kind": "incident",
        "cause_id": incident["id"],
        "cause_words": "工业园区液氨泄漏",
        "region_codes": [EAST_BANK],
    }
    run = await room.do("officer", RUNS, cause)
    assert (run["state"], run["sent"]) == ("proposed", 0)

    # 07:56 the leader approves: one action, pressed twice by a nervous hand.
    room.at("2025-06-20 07:56")
    yes = {"approved": True, "decided_as": "leader_in_charge"}
    await room.refused("officer", f"{RUNS}/{run['id']}/decision", 403, "leader_must_consent", yes)
    head = await room.world.head()
    path = f"{RUNS}/{run['id']}/decision"
    both = await asyncio.gather(*(room.do("leader", path, yes) for _ in range(2)))
    assert {one["state"] for one in both} == {"running"}
    types = await room.world.types(head)
    assert types.count("order.issued") == 11 and types.count("plan.approved") == 1
    run = await room.run(run["id"])
    assert (len(run["tasks"]), run["receipts"], run["acknowledged"]) == (11, 11, 0)
    orders = await room.desk.read("officer", f"/api/orders?incident_id={incident['id']}")
    assert {one["basis"] for one in orders} == {"plan_card"} and len(orders) == 11
    assert len({one["number"] for one in orders}) == 11

    # The receipts come in; the township answers for itself.
    for task in run["tasks"]:
        if task["to"] == "@乡镇":
            receipt = task["receipts"][0]["recipient_id"]
            await room.do("east", f"/api/orders/recipients/{receipt}/acknowledge")
        else:
            await room.acknowledge(task)
    run = await room.run(run["id"])
    assert (run["acknowledged"], run["reported"], run["closed"]) == (11, 0, 0)

    # The township sees its own task alone; the west sees nothing of it.
    seen = await room.run(run["id"], "east")
    assert [task["to"] for task in seen["tasks"]] == ["@乡镇"]
    assert (await room.desk.get("west", f"{RUNS}/{run['id']}")).status_code == 404

    # The end takes back what may stop; what has to be done goes on.
    over = await room.do("leader", f"{RUNS}/{run['id']}/end", {"reason": "险情解除"})
    gone = {task["key"] for task in over["tasks"] if task["withdrawn_at"]}
    assert gone == {"cordon", "power", "weather", "broadcast", "transport"}


async def test_what_cannot_be_resolved_is_named_and_the_rest_goes_out(room: WarRoom) -> None:
    plan = await room.carded("hazardous_chemicals")
    await room.world.run("UPDATE org_unit SET active = false WHERE name_zh = '市气象局'")
    cause = {"plan_id": plan, "level": 4, "cause_words": "演练起因", "drill": True}
    run = await room.do("officer", RUNS, cause)
    run = await room.do(
        "leader", f"{RUNS}/{run['id']}/decision", {"approved": True, "decided_as": "commander"}
    )
    assert run["unresolved"] == 1
    lost = next(task for task in run["tasks"] if task["order_id"] is None)
    assert lost["unresolved"] == "单位登记中没有“市气象局”"
    titles = await room.world.rows("SELECT title, text FROM dispatch_order WHERE stream = :s", s=STREAM)
    assert titles and all(one["title"].startswith("【演练】") for one in titles)
    assert all(one["text"].startswith("【演练】") for one in titles)


async def test_of_two_leaders_the_first_decides_and_the_second_is_told_who_did(room: WarRoom) -> None:
    plan = await room.carded("general")
    run = await room.do("officer", RUNS, {"plan_id": plan, "level": 4, "cause_words": "不明情况"})
    path = f"{RUNS}/{run['id']}/decision"
    await room.do("leader", path, {"approved": False, "decided_as": "commander", "remark": "再核实"})
    oral = {
        "approved": True,
        "decided_as": "oral_consent",
        "consent_of": "沈立",
        "consent_at": room.world.clock.now().isoformat(),
    }
    told = await room.refused("officer", path, 409, "run_decided", oral)
    assert "带班领导已否决" in told["zh"]
    assert await room.world.rows("SELECT 1 FROM dispatch_order") == []


async def test_a_drill_and_a_level_without_tasks_are_said_before_anything_is_kept(room: WarRoom) -> None:
    plan = await room.carded("general")
    clone = await room.do(
        "leader",
        PLANS,
        {
            "kind": "departmental",
            "name_zh": "教育预案",
            "owner_name": "市教育体育局",
            "region_code": "990181000000",
        },
    )
    told = {"plan_id": clone["id"], "level": 4, "cause_words": "无卡"}
    await room.refused("officer", RUNS, 409, "no_card", told)
    made = await room.do("leader", f"{PLANS}/{clone['id']}/card/clone", {"from_plan_id": plan, "version": 0})
    assert made["card_version"] == 1
    run = await room.do("officer", RUNS, told)
    assert run["plan_name"] == "教育预案"
