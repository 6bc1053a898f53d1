"""Scenario S11: a response follows a storm surge from orange over red and down again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.response.war_room import RESPONSES, WarRoom
from tests.world import ZONE

pytestmark = pytest.mark.database


def local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(ZONE):%m-%d %H:%M}"


async def calls(room: WarRoom) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await room.desk.read("officer", "/api/status-calls")
    return found


def keys(run: dict[str, Any], *, out: bool = True) -> set[str]:
    return {task["key"] for task in run["tasks"] if (task["withdrawn_at"] is None) == out}


async def test_a_response_goes_up_and_down_and_only_what_is_new_goes_out(room: WarRoom) -> None:
    plan = await room.carded("flood")

    # D-1 22:50: orange is a warning, not a response: it proposes and decides nothing.
    room.at("2025-06-20 22:50")
    response = await room.respond(3, warning_colour="orange", plan_id=plan, event_level="larger")
    assert (response["state"], response["level"], response["suggested"]) == ("proposed", None, [2, 3])
    assert (await room.desk.read("officer", RESPONSES))["duties"] == []
    await room.look()
    assert await calls(room) == []

    # 23:00: level 3 by the commander's word, signed later; the order has a number and is archived.
    room.at("2025-06-20 23:00")
    consent = {
        "decided_as": "oral_consent",
        "consent_of": "带班领导",
        "consent_at": "2025-06-20T22:58:00+08:00",
    }
    response = await room.decide(response, "officer", **consent)
    (step,) = response["steps"]
    assert (response["level"], step["number"], step["signed_at"]) == (3, "樟应响〔2025〕1号", None)
    assert "启动风暴潮三级应急响应" in step["paragraphs"][0] and "橙色预警" in step["paragraphs"][0]
    assert step["recipients"] >= 22
    run = await room.run(response["run_id"])
    third = keys(run)
    assert len(third) == 10 and run["unresolved"] == 0
    papers = (await room.desk.read("officer", "/api/documents?kind=response_order"))["documents"]
    assert [(one["number"], one["edition"]) for one in papers] == [("樟应响〔2025〕1号", 1)]

    # The round-up every four hours begins: the first is due at 03:00.
    assert await room.look() == 1
    (call,) = await calls(room)
    assert (call["state"], local(call["due_at"])) == ("open", "06-21 03:00")
    assert "零报告" in call["note"] and call["title"] == "风暴潮三级应急响应调度"
    periods = await room.desk.read("officer", "/api/readiness/key-periods")
    assert [(one["kind"], one["level"]) for one in periods] == [("response", 3)]
    (duty,) = (await room.desk.read("officer", RESPONSES))["duties"]
    assert (duty["level"], duty["followed"]) == (3, True)
    assert duty["consequence"]["leader_zh"] == "副指挥长在指挥中心"
    assert await room.look() == 0

    # He signs what he said: the signed order is the next edition of the same number.
    room.at("2025-06-20 23:30")
    refusal = await room.refused(
        "lead", f"{RESPONSES}/{response['id']}/steps/1/signature", 403, "not_permitted"
    )
    assert refusal["zh"]
    response = await room.do("leader", f"{RESPONSES}/{response['id']}/steps/1/signature")
    assert response["steps"][0]["signed_by"] == "带班领导"
    papers = (await room.desk.read("officer", "/api/documents?kind=response_order"))["documents"]
    assert sorted(one["edition"] for one in papers) == [1, 2]

    # Half of the tasks are acknowledged in the night, and the second round is asked at 06:00.
    acked = [task for task in run["tasks"] if task["key"] in {"water", "rescue", "boats"}]
    for task in acked:
        await room.acknowledge(task)
    room.at("2025-06-21 06:00")
    await room.look()
    assert sorted(local(one["due_at"]) for one in await calls(room)) == ["06-21 03:00", "06-21 07:00"]

    # D 07:10 red: one or two are proposed, the desk proposes one, the commander picks two.
    room.at("2025-06-21 07:10")
    told = {"kind": "adjust", "level": 1, "warning_colour": "red", "basis": "风暴潮红色预警"}
    response = await room.do("officer", f"{RESPONSES}/{response['id']}/steps", told)
    assert response["suggested"] == [1, 2] and response["level"] == 3
    orders = {task["key"]: task["order_id"] for task in (await room.run(response["run_id"]))["tasks"]}
    response = await room.decide(response, verdict="other", level=2, remark="先按二级")
    step = response["steps"][0]
    assert (step["proposed_level"], step["level"], step["level_before"]) == (1, 2, 3)
    assert step["title"] == "将风暴潮应急响应由三级调整为二级"
    run = await room.run(response["run_id"])
    new = keys(run) - third
    assert len(new) == 6 and {one["key"] for one in step["sent"]} == new and step["withdrawn"] == []
    # What was out stays the same order, acknowledged as it was: nothing is sent again.
    assert {task["key"]: task["order_id"] for task in run["tasks"] if task["key"] in third} == orders
    before = [task for task in run["tasks"] if task["key"] in {"water", "rescue", "boats"}]
    assert all(one["acknowledged_at"] for task in before for one in task["receipts"])
    await room.look()
    open_ = [one for one in await calls(room) if one["state"] == "open"]
    assert [local(one["due_at"]) for one in open_] == ["06-21 09:10"]

    # 18:00 down to four: what may stop is withdrawn and told, the rest is finished.
    done = next(task for task in run["tasks"] if task["key"] == "closed")
    await room.acknowledge(done)
    (receipt,) = done["receipts"]
    detail = await room.desk.read("officer", f"/api/orders/{done['order_id']}")
    report = {
        "text": "已停课",
        "done_task_ids": [detail["parts"][0]["tasks"][0]["id"]],
        "channel": "telephone",
        "voucher": "值班员",
    }
    await room.do("officer", f"/api/orders/recipients/{receipt['recipient_id']}/feedback", report)
    room.at("2025-06-21 18:00")
    told = {"kind": "adjust", "level": 4, "warning_colour": "yellow", "basis": "降为黄色预警"}
    response = await room.do("officer", f"{RESPONSES}/{response['id']}/steps", told)
    response = await room.decide(response)
    run = await room.run(response["run_id"])
    stopped = keys(run, out=False)
    # boats, transfer, shelter, hospital go on to their end; what is reported done is not taken back.
    assert stopped == {"rescue", "road", "electric", "build", "police", "army", "media"}
    assert {"boats", "transfer", "shelter", "hospital", "closed"} <= keys(run)
    withdrawn = next(task for task in run["tasks"] if task["key"] == "rescue")
    assert withdrawn["order_state"] == "withdrawn"
    assert {one["key"] for one in response["steps"][0]["withdrawn"]} == stopped
    assert any(line == "下列任务自即时起停止执行:" for line in response["steps"][0]["paragraphs"])
    await room.look()
    open_ = [one for one in await calls(room) if one["state"] in ("open", "planned")]
    assert [local(one["due_at"]) for one in open_] == ["06-22 08:00"]

    # The end rolls duty back: no round-up is asked any more, the key period is over.
    room.at("2025-06-22 09:00")
    response = await room.do(
        "officer", f"{RESPONSES}/{response['id']}/steps", {"kind": "terminate", "basis": "预警解除"}
    )
    response = await room.decide(response)
    assert (response["state"], response["steps"][0]["title"]) == ("ended", "终止风暴潮四级应急响应")
    await room.look()
    assert [one for one in await calls(room) if one["state"] in ("open", "planned")] == []
    periods = await room.desk.read("officer", "/api/readiness/key-periods")
    assert all(one["ended_at"] for one in periods)
    assert (await room.run(response["run_id"]))["state"] == "ended"
    papers = (await room.desk.read("officer", "/api/documents?kind=response_order"))["documents"]
    assert {one["number"] for one in papers} == {f"樟应响〔2025〕{n}号" for n in (1, 2, 3, 4)}


async def test_the_townships_hear_of_a_withdrawal_as_a_message(room: WarRoom) -> None:
    plan = await room.carded("flood")
    room.at("2025-06-20 23:00")
    response = await room.decide(await room.respond(3, plan_id=plan))
    told = {"kind": "terminate", "basis": "解除"}
    response = await room.do("officer", f"{RESPONSES}/{response['id']}/steps", told)
    await room.decide(response)
    run = await room.run(response["run_id"])
    duty = next(task for task in run["tasks"] if task["key"] == "duty")
    said = await room.world.rows(
        "SELECT body FROM delivery d JOIN order_recipient r ON r.id = d.order_recipient_id"
        " WHERE r.order_id = :order AND d.body LIKE '【撤回】%'",
        order=duty["order_id"],
    )
    assert said and duty["order_number"] in said[0]["body"]
