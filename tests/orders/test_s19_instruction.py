"""Scenario S19 steps 6 and 7: a leader's instruction with supervision (domain/scenarios.md)."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.desk.handover.sources import compiled, desk_of
from app.duty import store as duty
from tests.duty.spot_county import CENTRE_POST, leader
from tests.orders.order_room import EAST_UNIT, WEST_UNIT, Room
from tests.world import STREAM, WEST_TRUCK, ZONE

pytestmark = pytest.mark.database
THIRD_UNIT = 8
INSTRUCTIONS = "/api/instructions"


async def test_an_instruction_becomes_three_tasks_is_supervised_twice_and_closes_when_all_are_accepted(
    room: Room,
) -> None:
    world, desk = room.world, room.desk

    # 6. 11:20: a written note, with its three times and who wrote it down.
    now = room.at("11:20")
    note = {
        "leader_name": "沈立",
        "leader_post": "市长",
        "text": "请东镇、西镇和8镇连夜排查地质灾害点,下午五时前报结果。",
        "told_how": "written_note",
        "photo_ref": "批示照片-0618-01.jpg",
        "said_at": "2025-06-18T11:05:00+08:00",
        "told_at": "2025-06-18T11:15:00+08:00",
    }
    said = await room.do("officer", INSTRUCTIONS, note)
    assert (said["written_by"], datetime.fromisoformat(said["entered_at"])) == ("值班员甲", now)
    assert said["said_at"] < said["told_at"] < said["entered_at"]
    path = f"{INSTRUCTIONS}/{said['id']}"
    refusal = await room.refused("officer", f"{path}/close", 409, "instruction_open", {"outcome": "已落实"})
    assert "请先分解" in refusal["zh"]

    # … is split into three tasks with owners and deadlines: one numbered order, acknowledged 3/3.
    split = {
        "title": "连夜排查地质灾害点",
        "recipients": [{"unit_id": EAST_UNIT}, {"unit_id": WEST_UNIT}, {"unit_id": THIRD_UNIT}],
        "tasks": [
            {"kind": "action", "text": "排查东镇5处", "owner": 0, "due_at": "2025-06-18T17:00:00+08:00"},
            {"kind": "action", "text": "排查西镇3处", "owner": 1, "due_at": "2025-06-18T16:00:00+08:00"},
            {"kind": "information", "text": "报转移预案", "owner": 2, "due_at": "2025-06-18T16:30:00+08:00"},
        ],
    }
    made = await room.do("officer", f"{path}/split", split)
    assert (made["owners"], made["acknowledged"], made["tasks"], made["accepted"]) == (3, 0, 3, 0)
    (order_id,) = made["order_ids"]
    order = await desk.read("officer", f"/api/orders/{order_id}")
    assert (order["number"], order["basis"]) == ("樟应指令〔2025〕1号", "instruction")
    assert (order["issued_as"], order["consent_of"]) == ("oral_consent", "沈立")
    east, west, third = order["parts"]
    assert [task["text"] for task in east["tasks"]] == ["排查东镇5处"]
    await room.do("east", f"/api/orders/recipients/{east['id']}/acknowledge", {})
    await room.do("west", f"/api/orders/recipients/{west['id']}/acknowledge", {})
    by_phone = {"channel": "telephone", "voucher": "8镇值班员小李", "told_at": "2025-06-18T11:19:00+08:00"}
    await room.refused(
        "officer", f"/api/orders/recipients/{third['id']}/acknowledge", 422, "voucher_missing", {}
    )
    told = await room.do("officer", f"/api/orders/recipients/{third['id']}/acknowledge", by_phone)
    assert (told["acknowledged_by"], told["ack_channel"]) == ("8镇值班员小李", "telephone")
    (instruction,) = await desk.read("officer", INSTRUCTIONS)
    assert (instruction["acknowledged"], instruction["owners"]) == (3, 3)

    # Two report in time and are accepted.
    for who, part in (("west", west), ("officer", third)):
        done = {"text": "已完成", "done_task_ids": [part["tasks"][0]["id"]]}
        if who == "officer":
            done |= {"channel": "telephone", "voucher": "8镇值班员小李"}
        await room.do(who, f"/api/orders/recipients/{part['id']}/feedback", done)
        closed = await room.do(
            "officer", f"/api/orders/recipients/{part['id']}/close-out", {"accepted": True}
        )
        assert (closed["state"], closed["closed_by"]) == ("closed", "值班员甲")

    # 7. 17:00: one is overdue: supervised a first time; a watcher that starts anew does not repeat it.
    assert await room.look("16:59:59") == 0
    assert await room.look("17:00") == 1
    assert await room.look("17:00:30") == 0
    late = await room.part(order_id, EAST_UNIT)
    assert [(s["about"], s["step"], s["called"]) for s in late["supervisions"]] == [("report", 1, [])]

    # 18:00: the second goes to the unit's head, who is on duty at that instant; why he, is kept.
    assert await room.look("18:00") == 1
    assert await room.look("23:00") == 0, "each fires once"
    _, second = (await room.part(order_id, EAST_UNIT))["supervisions"]
    assert (second["step"], second["delayed"]) == (2, False)
    head = second["called"][0]
    assert (head["person_id"], head["role"]) == (leader(EAST_UNIT), "leader_in_charge")
    assert head["why_zh"] == "6镇应急管理所值班室当班(按值班表)"
    (event,) = [
        e for e in await world.events() if e["type"] == "order.supervised" and e["supervision"]["step"] == 2
    ]
    assert event["supervision"]["called"] == second["called"]
    assert event["recipient"]["name"] == "6镇应急管理所"
    reminders = [row.body for row in await world.deliveries() if "督办" in row.body]
    assert reminders == [f"【督办】第{n}次 樟应指令〔2025〕1号 逾期未反馈,请立即办理" for n in (1, 2)]

    # The hand-over sheet names both, the order and the instruction.
    post = await world.do(lambda tx: duty.row(tx, STREAM, CENTRE_POST))
    assert post is not None
    at = world.clock.now()
    items = await world.do(lambda tx: compiled(tx, desk_of(post, STREAM, at, at, ZONE)))
    words = [item.zh for item in items if item.kind in ("order", "instruction")]
    assert words[0] == "指令 樟应指令〔2025〕1号 连夜排查地质灾害点:未反馈完成1(6镇应急管理所)"
    assert words[1].startswith("沈立批示未办结:") and words[1].endswith("任务已销号2/3")

    # It is returned once with the reason, then done with evidence; the instruction closes only now.
    refusal = await room.refused("officer", f"{path}/close", 409, "instruction_open", {"outcome": "已落实"})
    assert "2/3" in refusal["zh"]
    feedback = f"/api/orders/recipients/{east['id']}/feedback"
    task = east["tasks"][0]["id"]
    await room.do("east", feedback, {"text": "已排查4处", "done_task_ids": [task]})
    close_out = f"/api/orders/recipients/{east['id']}/close-out"
    again = {"accepted": False, "remark": "还差1处", "due_at": "2025-06-18T23:30:00+08:00"}
    returned = await room.do("officer", close_out, again)
    assert (returned["state"], returned["answers"][-1]["text"]) == ("acknowledged", "还差1处")
    await room.do("east", feedback, {"text": "5处全部排查,附照片0618-02", "done_task_ids": [task]})
    assert await room.look("23:31") == 0, "what was reported in time is not supervised"
    await room.do("officer", close_out, {"accepted": True})
    order = await desk.read("officer", f"/api/orders/{order_id}")
    assert (order["state"], order["closed"]) == ("closed", 3)
    ended = await room.do("officer", f"{path}/close", {"outcome": "全部落实"})
    assert (ended["state"], ended["accepted"], ended["closed_by"]) == ("closed", 3, "值班员甲")
    assert await desk.read("officer", INSTRUCTIONS) == []


async def test_a_returned_task_is_supervised_anew_and_an_outage_delays_but_loses_nothing(room: Room) -> None:
    room.at("12:00")
    order = await room.order(report_due_at="2025-06-18T13:00:00+08:00", ack_within_min=10)
    part = await room.part(order["id"], EAST_UNIT)
    path = f"/api/orders/recipients/{part['id']}"
    done = {"text": "完成", "done_task_ids": [part["tasks"][0]["id"]]}
    await room.do("east", f"{path}/feedback", done)  # who reports has received it
    await room.do("officer", f"{path}/close-out", {"accepted": False, "remark": "未见照片"})
    # Nothing ran from 12:00 to 15:00: all that was missed fires once, marked delayed.
    assert await room.look("15:00") == 6
    held = {p["unit_id"]: p for p in await room.parts(order["id"])}
    assert [(s["about"], s["step"], s["delayed"]) for s in held[EAST_UNIT]["supervisions"]] == [
        ("report", 1, True),
        ("report", 2, True),
    ]
    silent = [(s["about"], s["step"]) for s in held[WEST_UNIT]["supervisions"]]
    assert silent == [("acknowledgement", 1), ("acknowledgement", 2), ("report", 1), ("report", 2)]
    assert await room.look("15:01") == 0


async def test_nothing_is_sent_any_more_after_the_receipt(room: Room) -> None:
    """https://github.com/grafana-cold-storage/oncall/issues/4654: notifications went on after the receipt."""
    room.at("12:00")
    order = await room.order()
    east = await room.part(order["id"], EAST_UNIT)
    await room.do("east", f"/api/orders/recipients/{east['id']}/acknowledge", {})
    before = len(await room.world.deliveries())
    assert await room.look("13:00") == 2, "both supervisions of the west, which is silent"
    sent = await room.world.deliveries()
    assert {row.address for row in sent[before:]} == {f"unit:{WEST_UNIT}", WEST_TRUCK}, "the second channel"
    assert [row.state for row in sent if row.address == f"unit:{EAST_UNIT}"] == ["delivered"]


async def test_nobody_on_duty_there_means_the_centres_leader_is_called(room: Room) -> None:
    """https://github.com/grafana-cold-storage/oncall/issues/4846: nobody on call, and nobody was told."""
    room.at("12:00")
    await room.world.run("DELETE FROM shift WHERE post_id = :post", post=WEST_UNIT)
    order = await room.order(recipients=[{"unit_id": WEST_UNIT}])
    assert await room.look("12:10") == 2
    _, second = (await room.part(order["id"], WEST_UNIT))["supervisions"]
    assert [one["person_id"] for one in second["called"]] == [leader(CENTRE_POST)]
