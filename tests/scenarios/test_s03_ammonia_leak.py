"""Scenario S03: ammonia leaks in the industrial park (domain/scenarios.md), through the public API.

The plan card, the broadcast and the sensor's curve belong to other tests. The sensor spoke at 07:52:10; the
centre's receipt is the call of 07:53, the plant's that of the unit's head at 07:50.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.dispatch.inbox.rules import signature
from tests.scenarios.conftest import Begun
from tests.scenarios.night import Night, residents_sheet

pytestmark = pytest.mark.database
PARK = "990181450000"
DOWNWIND = {"990181001200": 300, "990181001005": 200, "990181001201": 140}  # north-west of the park
UNITS = (25, 26, 27, 34, 32, 36, 38, 31, 24, 4, 37)  # police, fire, health, environment … the park's own


async def test_a_leak_of_07_52_has_everybody_home_at_the_end(begun: Begun) -> None:
    night = await begun("2025-06-18", "07:50:00")
    for village, count in DOWNWIND.items():
        sheet = residents_sheet(village, count)
        await night.upload("shift", "/api/evacuations/residents/import?apply=true", sheet)
    platform = await night.do("shift", "/api/intake/partners", {"name_zh": "园区监测平台"})

    # 1. The sensor's report waits for a person: it is no incident yet.
    await night.at("07:52:10")
    assert (await _sensor(night, platform)).status_code == 201
    assert (await _sensor(night, platform)).status_code == 200, "the platform's repetition is the same"
    (notice,) = await night.read("chenjie", "/api/intake")
    assert (notice["from_name"], notice["state"]) == ("园区监测平台", "waiting")
    assert await night.read("chenjie", "/api/incidents") == []

    # 2. 陈洁 calls the plant and opens it.
    await night.at("07:53:00")
    opened = await night.do("chenjie", f"/api/intake/{notice['id']}/incident", _leak(night))
    path = f"/api/incidents/{opened['id']}"
    assert opened["received_at"] == "2025-06-17T23:52:10Z"
    advice = await night.do("wangjun", f"{path}/recommendation")
    assert (advice["card"]["id"], advice["needs"][0]["capability"]) == ("hazmat", "hazmat")
    assert "上风向" in advice["card"]["reminder_zh"]

    await night.do(
        "chenjie", path, {"version": 1, "occurred_at": night.moment("07:52:00").isoformat()}, "PATCH"
    )
    for node, clock in (("E", "07:50:00"), ("C", "07:53:00")):
        known = {"kind": "received", "name": node, "at": night.moment(clock).isoformat()}
        await night.do("chenjie", f"{path}/reporting/knowledge", known)
    found = await night.dues("chenjie", path)
    for channel in ("phone", "written"):
        (plant,) = found["E", "C", channel]
        assert (night.is_at(plant["due_at"], "08:50:00"), plant["anchor"]) == (True, "rcv")

    # 3. One order to eleven units, signed by the leader at 07:56: out at once, eleven receipts are tracked.
    await night.at("07:55:00")
    drafted = await night.do("wangjun", "/api/orders", _order(opened["id"]))
    await night.at("07:56:00")
    signed = {"revision": drafted["revision"], "issued_as": "leader_in_charge"}
    order = await night.do("leader", f"/api/orders/{drafted['id']}/issue", signed)
    assert (order["recipients"], order["acknowledged"]) == (11, 0)
    parts = (await night.read("wangjun", f"/api/orders/{order['id']}"))["parts"]
    assert {one["ack_due_at"] for one in parts} == {"2025-06-17T23:59:00Z"}
    for part in parts:
        by_phone = {"channel": "telephone", "voucher": f"{part['name']}值班员"}
        await night.do("wangjun", f"/api/orders/recipients/{part['id']}/acknowledge", by_phone)
    assert (await night.read("wangjun", f"/api/orders/{order['id']}"))["acknowledged"] == 11

    # 4. Whoever moves goes up the wind: no shelter in the plume is offered.
    await night.at("08:01:00")
    here = {"lon": opened["lon"], "lat": opened["lat"], "wind_from": 135, "upwind": "true", "room": 600}
    offered = await night.read("wangjun", "/api/shelters/near", **here)
    assert offered and all(one["upwind"] for one in offered)
    refuge = offered[0]["shelter"]
    out = await night.do(
        "wangjun",
        "/api/evacuations",
        {"villages": list(DOWNWIND), "incident_id": opened["id"], "reason": "氨气下风向,800米内撤离"},
    )
    assert out["evacuation"]["tally"]["total"] == 640

    # 5. Fourteen at risk, 640 moving: 较大涉险, which is a trigger and no level.
    await night.at("08:10:00")
    for kind, value in (("at_risk", 14), ("evacuated", 640)):
        figure = {"kind": kind, "value": value, "source": "园区管委会", "official": True}
        graded = await night.do("chenjie", f"{path}/figures", figure)
    assert len(graded["grading"]["larger_risk"]) == 2
    assert graded["initial_level"] == 4

    found = await night.dues("chenjie", path)
    for row, clock, rule in (
        (("C", "PR", "phone"), "08:53:00", "N6"),
        (("C", "P", "phone"), "08:22:00", "D10"),
        (("C", "CG", "phone"), "08:15:00", "D9"),
        (("C", "CG", "written"), "08:33:00", "D9"),
    ):
        (due,) = found[row]
        assert (night.is_at(due["due_at"], clock), due["rule_id"], due["grade"]) == (
            True,
            rule,
            "larger_risk",
        )

    # 6–7. Three are treated, nobody is dead; at 09:30 it is over and 640 of 640 are home.
    await night.at("08:20:00")
    hurt = {"kind": "slightly_injured", "value": 3, "source": "市卫健委", "official": True}
    assert (await night.do("chenjie", f"{path}/figures", hurt))["casualties"]["slightly_injured"] == 3
    opening = {"reason": "下风向群众安置", "incident_id": opened["id"]}
    await night.do("wangjun", f"/api/shelters/{refuge['id']}/opening", opening)
    lists = f"/api/evacuations/{out['evacuation']['id']}"
    people = [one["id"] for one in await night.read("wangjun", f"{lists}/people")]
    by_bus = {"people": people[:600], "shelter_id": refuge["id"], "means": "transport"}
    to_school = await night.do("wangjun", f"{lists}/ticks", by_bus)
    assert to_school["evacuation"]["tally"]["waiting"] == 40
    await night.do("wangjun", f"{lists}/ticks", {"people": people[600:], "means": "own_way"})
    shelters = {one["id"]: one for one in await night.read("wangjun", "/api/shelters")}
    assert shelters[refuge["id"]]["nearly_full"]
    await night.at("09:30:00")
    await night.do("wangjun", f"{lists}/returns", {"people": people})
    tally = (await night.do("wangjun", f"{lists}/end", {"reason": "两次监测正常,解除"}))["evacuation"][
        "tally"
    ]
    assert (tally["total"], tally["home"], tally["missing"]) == (640, 640, 0)

    await night.at("09:40:00")
    report = {
        "whom": "市应急局、市生态环境局",
        "receiver": "P",
        "channel": "written",
        "receipt": "市局钱进确认",
    }
    await night.do("chenjie", f"{path}/tellings", report)
    (letter,) = (await night.dues("chenjie", path))["C", "P", "written"]
    environment = [one for one in letter["why"]["losers"] if one["rule_id"] == "N17a"]
    assert any(night.is_at(one["due_at"], "11:53:00") for one in environment)
    assert (letter["state"], letter["late_minutes"]) == ("done_late", 48), (
        "N17 is kept, the county's own rule not"
    )

    # 8. The end at 10:00 by the leader.
    await night.at("10:00:00")
    assert (await night.do("leader", f"{path}/close", {"reason": "阀门关闭,解除"}))["closed_by"] == "周敏"
    (final,) = (await night.dues("leader", path, "final"))["C", "P", "written"]
    assert night.is_at(final["due_at"], "10:00:00", days=1)
    (review,) = (await night.dues("leader", path, "review"))["C", "CG", "written"]
    assert night.is_at(review["due_at"], "23:59:59", days=14)


async def _sensor(night: Night, platform: dict[str, Any]) -> Any:
    """Let the park's platform send what its sensor measured, signed."""
    told = {
        "their_id": "G-04-20250618-1",
        "title": "氨气 120 ppm 超限报警(G-04)",
        "region_code": PARK,
        "happened_at": night.moment("07:52:10").isoformat(),
    }
    body, at = json.dumps(told).encode(), str(int(night.clock.now().timestamp()))
    signed = {
        "X-Zhishou-Timestamp": at,
        "X-Zhishou-Signature": signature(platform["secret"], at, body),
        "Content-Type": "application/json",
    }
    path = f"/api/partners/{platform['key']}/notices"
    return await night.client.post(path, content=body, headers=signed)


def _leak(night: Night) -> dict[str, Any]:
    """Tell what the control room confirmed."""
    return {
        "event_code": "12D02",
        "title": "工业园区液氨泄漏",
        "source": "device_alarm",
        "region_code": PARK,
        "description": "液氨 UN1005,东南风 3 m/s",
        "received_at": night.moment("07:52:10").isoformat(),
        "casualties": {"dead": 0},
    }


def _order(incident_id: int) -> dict[str, Any]:
    """Write what each of eleven units is to do."""
    return {
        "title": "液氨泄漏处置任务",
        "basis": "incident",
        "incident_id": incident_id,
        "recipients": [{"unit_id": unit} for unit in UNITS],
        "tasks": [
            {"kind": "action", "text": f"按预案承担第{number}项任务", "owner": number - 1}
            for number in range(1, len(UNITS) + 1)
        ],
    }


async def test_a_leak_that_endangers_the_waterworks_is_owed_to_the_province_by_telephone(
    begun: Begun,
) -> None:
    night = await begun("2025-06-18", "07:53:00")
    opened = await night.do("chenjie", "/api/incidents", _leak(night))
    path = f"/api/incidents/{opened['id']}"
    assert ("C", "PR", "phone") not in await night.dues("chenjie", path)
    await night.at("07:58:00")
    await night.do("chenjie", f"{path}/key-facility", {"name": "园区自来水厂"}, "PUT")
    (due,) = (await night.dues("chenjie", path))["C", "PR", "phone"]
    assert (due["rule_id"], night.is_at(due["due_at"], "08:52:10")) == ("N6", True)
