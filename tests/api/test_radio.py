"""Roll calls and the radio log over HTTP: whom one may call, tick and read."""

from __future__ import annotations

from typing import Any

import pytest

from app.devices.radio_log import actions as radio_log
from app.signals import Talk
from tests.api.desk import Desk, problem
from tests.devices.test_roll_call import radios
from tests.world import COUNTY, EAST, STREAM, WEST

pytestmark = pytest.mark.database
GROUP = {"title": "晨间点名", "talk_group": "101"}


async def opened(desk: Desk, who: str = "officer", **told: Any) -> dict[str, Any]:
    answer = await desk.post(who, "/api/roll-calls", told or GROUP)
    assert answer.status_code == 201, answer.text
    call: dict[str, Any] = answer.json()
    return call


async def test_a_roll_call_is_opened_ticked_and_closed(desk: Desk) -> None:
    await radios(desk.world)
    call = await opened(desk)
    assert (call["state"], call["total"], call["waiting"], call["region_codes"]) == ("open", 3, 3, [EAST])
    path = f"/api/roll-calls/{call['id']}"
    ticked = await desk.post(
        "officer", f"{path}/answers", {"device_id": 11, "answered": True, "note": "清晰"}
    )
    assert (ticked.json()["state"], ticked.json()["noted_by"]) == ("answered", "值班员甲")
    missing = await desk.post("officer", f"{path}/answers", {"device_id": 12, "answered": False})
    assert missing.json()["state"] == "missing"
    again = await desk.post("officer", f"{path}/answers", {"device_id": 12, "answered": True})
    assert again.json()["state"] == "answered"  # it was heard after all
    detail = await desk.read("officer", path)
    assert [(a["call_sign"], a["state"]) for a in detail["answers"]] == [
        ("东镇01", "answered"),
        ("东镇02", "answered"),
        ("东镇03", "waiting"),
    ]
    closed = (await desk.post("officer", f"{path}/close")).json()
    assert (closed["state"], closed["answered"], closed["missing"]) == ("closed", 2, 1)
    assert (await desk.post("officer", f"{path}/close")).json() == closed
    late = await desk.post("officer", f"{path}/answers", {"device_id": 13, "answered": True})
    problem(late, 409, "roll_call_closed")
    types = [t for t in await desk.world.types() if t.startswith("roll_call")]
    assert types == ["roll_call.opened", *["roll_call.answered"] * 3, "roll_call.closed"]
    assert (await desk.read("officer", "/api/devices/11"))["test"]["method"] == "roll_call"


async def test_a_talk_group_is_called_by_its_name(desk: Desk) -> None:
    desk.house.settings.talk_groups = "101=东镇组,2=指挥组"
    for ref, target, kind in (("a", "101", "group"), ("b", "7", "group"), ("c", "101", "private")):
        talk = Talk(ref, "start", "370101", target, kind)  # type: ignore[arg-type]
        await desk.world.do(
            lambda tx, talk=talk: radio_log.hear_talk(tx, STREAM, "x", talk, desk.world.clock.now())  # type: ignore[misc]
        )
    desk.world.later(seconds=1)
    rows = await desk.read("officer", "/api/radio/log")
    log = {(row["target"], row["target_kind"]): row["target_name"] for row in rows}
    assert log == {("101", "group"): "东镇组", ("7", "group"): None, ("101", "private"): None}
    named = await desk.read("admin", "/api/talk-groups")
    assert [(g["number"], g["name"]) for g in named] == [("2", "指挥组"), ("101", "东镇组")]
    problem(await desk.get("crew", "/api/talk-groups"), 403, "not_permitted")


async def test_whom_a_place_a_group_or_a_list_calls(desk: Desk) -> None:
    await radios(desk.world, 2)
    await desk.world.run("UPDATE device SET region_code = :west WHERE id = 12", west=WEST)
    assert (await opened(desk, title="x", region_code=COUNTY))["total"] == 2
    assert (await opened(desk, title="x", region_code=WEST))["total"] == 1
    assert (await opened(desk, title="x", device_ids=[1, 2, 11]))["total"] == 3  # any device, if it is named
    assert (await opened(desk, "east"))["total"] == 1  # the group's radios of one's own scope
    for told in (
        {"title": "x", "talk_group": "999"},
        {"title": "x", "device_ids": [11, 99]},
        {"title": "x", "region_code": "990181999000"},
        {"title": "x"},
        {"title": "x", "talk_group": "101", "region_code": EAST},
        {"title": " ", "talk_group": "101"},
        {"title": "x", "device_ids": []},
        {"title": "x", "device_ids": list(range(1, 502))},
    ):
        refused = problem(await desk.post("officer", "/api/roll-calls", told), 422, "invalid_input")
        assert all(fault["zh"] for fault in refused["fields"])


async def test_each_sees_and_ticks_the_own_radios(desk: Desk) -> None:
    await radios(desk.world, 2)
    await desk.world.run("UPDATE device SET region_code = :west WHERE id = 12", west=WEST)
    path = f"/api/roll-calls/{(await opened(desk))['id']}"
    for who, devices in (("officer", [11, 12]), ("auditor", [11, 12]), ("east", [11]), ("west", [12])):
        detail = await desk.read(who, path)
        assert [a["device_id"] for a in detail["answers"]] == devices
        assert len(await desk.read(who, "/api/roll-calls")) == 1
    told = {"device_id": 12, "answered": True}
    problem(await desk.post("east", f"{path}/answers", told), 404, "not_found")
    assert (await desk.post("west", f"{path}/answers", told)).status_code == 200
    problem(await desk.post("west", f"{path}/close"), 403, "not_permitted")  # it is the county's
    events = (await desk.read("east", "/api/events?limit=1000"))["events"]
    assert [e["type"] for e in events] == ["roll_call.opened"]
    for who in ("crew", "admin", "auditor"):
        problem(await desk.post(who, "/api/roll-calls", GROUP), 403, "not_permitted")
        problem(await desk.post(who, f"{path}/answers", told), 403, "not_permitted")
        problem(await desk.post(who, f"{path}/close"), 403, "not_permitted")
    for who in ("crew", "admin"):
        problem(await desk.get(who, "/api/roll-calls"), 403, "not_permitted")
        problem(await desk.get(who, path), 403, "not_permitted")
    east = f"/api/roll-calls/{(await opened(desk, 'east'))['id']}"
    problem(await desk.get("west", east), 404, "not_found")
    problem(await desk.post("west", f"{east}/close"), 404, "not_found")
    problem(await desk.get("officer", "/api/roll-calls/99"), 404, "not_found")
    assert (await desk.post("officer", f"{east}/close")).status_code == 200


async def test_no_more_roll_calls_are_open_than_anybody_can_hear(desk: Desk) -> None:
    await radios(desk.world, 1)
    for _ in range(10):
        await opened(desk)
    problem(await desk.post("officer", "/api/roll-calls", GROUP), 409, "too_many_roll_calls")


async def test_the_radio_log_is_read_by_scope_backwards(desk: Desk) -> None:
    await radios(desk.world, 1)
    for n, number in enumerate(("370101", "999999", "370101")):
        talk = Talk(str(n), "start", number, "101", emergency=n == 2)
        await desk.world.do(
            lambda tx, talk=talk: radio_log.hear_talk(tx, STREAM, "x", talk, desk.world.clock.now())  # type: ignore[misc]
        )
        desk.world.later(seconds=10)
    log = await desk.read("officer", "/api/radio/log")
    assert [(o["talker_label"], o["talker"], o["emergency"]) for o in log] == [
        ("东镇01", "370101", True),
        (None, "999999", False),
        ("东镇01", "370101", False),
    ]
    before = log[0]["started_at"].replace("+", "%2B")
    page = await desk.read("officer", f"/api/radio/log?limit=1&before={before}")
    assert [o["talker"] for o in page] == ["999999"]
    assert len(await desk.read("east", "/api/radio/log")) == 2  # a strange number is the county's
    assert await desk.read("west", "/api/radio/log") == []
    problem(await desk.get("admin", "/api/radio/log"), 403, "not_permitted")
    problem(await desk.get("officer", "/api/radio/log?limit=0"), 422, "invalid_input")
