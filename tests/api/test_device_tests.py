"""Device tests over HTTP: noted by hand, asked for, counted per township."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.devices.testing.prober import Prober
from app.devices.watch import repairs
from app.dispatch.ladder import store as ladder
from app.org.store import TextDevice
from tests.api.desk import Desk, problem
from tests.devices.asked import Answering
from tests.world import CARD, EAST, STREAM

pytestmark = pytest.mark.database


async def noted(desk: Desk, device_id: int, *, passed: bool, who: str = "admin") -> Any:
    told = {"by_hand": {"passed": passed, "detail": "通话清晰" if passed else "无应答"}}
    answer = await desk.post(who, f"/api/devices/{device_id}/tests", told)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def kinds(desk: Desk) -> None:
    await desk.world.run("UPDATE device SET kind = 'vehicle_terminal' WHERE family = 'jt808'")
    await desk.world.run("UPDATE device SET kind = 'beidou_terminal' WHERE family = 'rdss21'")


async def test_a_test_by_hand_stands_in_the_register_the_history_and_the_journal(desk: Desk) -> None:
    await kinds(desk)
    test = await noted(desk, 2, passed=False, who="officer")
    assert (test["state"], test["method"], test["requested_by"]) == ("failed", "by_hand", "值班员甲")
    standing = (await desk.read("officer", "/api/devices/2"))["test"]
    assert (standing["state"], standing["method"], standing["detail"]) == ("failed", "by_hand", "无应答")
    desk.world.later(hours=1)
    await noted(desk, 2, passed=True)
    shown = await desk.read("officer", "/api/devices/2")
    assert (shown["test"]["state"], shown["state"]) == ("ok", "live")  # somebody heard it work
    assert [t["state"] for t in shown["tests"]] == ["passed", "failed"]
    events = await desk.world.events()
    assert [(e["type"], e["test"]["state"], e["standing"]["state"]) for e in events if "test" in e] == [
        ("device.tested", "failed", "failed"),
        ("device.tested", "passed", "ok"),
    ]
    await desk.world.run("UPDATE login_session SET expires_at = expires_at + interval '30 days'")
    desk.world.later(days=7)
    assert (await desk.read("officer", "/api/devices/2"))["test"]["state"] == "due"
    desk.world.later(days=1)
    assert (await desk.read("officer", "/api/devices/2"))["test"]["state"] == "overdue"


async def test_a_device_that_failed_carries_no_order(desk: Desk) -> None:
    async def devices() -> tuple[TextDevice, ...]:
        at = desk.world.clock.now()
        return (await desk.world.do(lambda tx: ladder.reach(tx, STREAM, 2, ("rdss21",), (), at))).devices

    assert await devices()
    await noted(desk, 2, passed=False)
    assert await devices() == ()


async def test_who_commands_or_keeps_devices_may_test_them_within_the_own_scope(desk: Desk) -> None:
    for who in ("leader", "lead", "officer", "east", "admin"):
        await noted(desk, 1, passed=True, who=who)
    told = {"by_hand": {"passed": True}}
    problem(await desk.post("west", "/api/devices/1/tests", told), 404, "not_found")
    for who in ("crew", "boatman", "auditor"):
        problem(await desk.post(who, "/api/devices/1/tests", told), 403, "not_permitted")
    for who, count in (("officer", 5), ("auditor", 5), ("east", 5), ("west", 0)):
        assert len(await desk.read(who, "/api/device-tests")) == count
        assert len(await desk.read(who, "/api/device-tests?device_id=1&limit=2")) == min(count, 2)
    problem(await desk.get("crew", "/api/device-tests"), 403, "not_permitted")
    problem(await desk.get("crew", "/api/device-tests/table"), 403, "not_permitted")
    problem(await desk.get("officer", "/api/device-tests?limit=501"), 422, "invalid_input")


async def test_a_device_that_no_link_can_ask_is_left_to_a_person(desk: Desk) -> None:
    problem(await desk.post("admin", "/api/devices/2/tests"), 409, "cannot_be_asked")
    desk.house.prober = Prober([Answering("beidou:x")], desk.world.clock)
    asked = (await desk.post("admin", "/api/devices/2/tests")).json()
    assert (asked["state"], asked["automatic"], asked["requested_by"]) == ("waiting", False, "设备管理员")
    again = (await desk.post("officer", "/api/devices/2/tests")).json()
    assert again["id"] == asked["id"]  # one at a time: the one that waits is as good
    assert (await desk.read("admin", "/api/devices/2"))["test"]["state"] == "running"
    await desk.world.run("UPDATE device SET active = false WHERE id = 2")
    problem(await desk.post("admin", "/api/devices/2/tests"), 409, "cannot_be_asked")


async def test_the_table_counts_each_townships_devices_by_kind(desk: Desk) -> None:
    await kinds(desk)
    await noted(desk, 2, passed=True)
    rows = await desk.read("officer", "/api/device-tests/table")
    told = {(r["region_name"], r["kind"]): (r["total"], r["ok"], r["untested"], r["exempt"]) for r in rows}
    assert told == {
        ("东镇", "beidou_terminal"): (2, 1, 1, 0),
        ("东镇", "vehicle_terminal"): (1, 0, 0, 1),
        ("西镇", "vehicle_terminal"): (1, 0, 0, 1),
    }
    east = await desk.read("east", "/api/device-tests/table")
    assert {r["region_code"] for r in east} == {EAST}
    assert all(
        r["total"] == sum(r[w] for w in ("ok", "due", "overdue", "failed", "running", "untested", "exempt"))
        for r in rows
    )


async def test_a_broken_device_has_one_open_repair_whoever_reports_it(desk: Desk) -> None:
    card = await desk.world.device(CARD)
    path, now = f"/api/devices/{card.id}", desk.world.clock.now()
    failed = {"by_hand": {"passed": False, "detail": "无应答"}}
    assert (await desk.post("admin", f"{path}/tests", failed)).is_success
    (task,) = await desk.read("admin", f"{path}/repairs")
    assert (task["kind"], task["state"], task["found_by"]) == ("repair", "found", "系统")
    assert (task["source_kind"], task["source_id"]) == ("device", card.id)
    again = await desk.post("east", f"{path}/repair", {"words": "天线断", "owner": "通信组"})
    assert again.status_code == 201 and again.json()["id"] == task["id"]
    assert (await desk.post("admin", f"{path}/tests", failed)).is_success
    assert len((await desk.read("officer", "/api/tasks?kind=repair"))["tasks"]) == 1
    problem(await desk.post("west", f"{path}/repair", {}), 404, "not_found")
    problem(await desk.post("boatman", f"{path}/repair", {}), 403, "not_permitted")
    # Silent for a day: one task for one silence, also after it was dropped.
    step = {"step": "drop", "revision": 1, "words": "已修"}
    assert (await desk.post("officer", f"/api/tasks/{task['id']}/steps", step)).is_success
    since = now + timedelta(hours=1)
    await desk.world.run(
        "INSERT INTO device_trouble (device_id, kind, since) VALUES (:id, 'silent', :at)",
        id=card.id,
        at=since,
    )

    async def looked(hours: int) -> int:
        at = now + timedelta(hours=hours)
        return int(await desk.world.do(lambda tx: repairs.of_silent(tx, STREAM, at)))

    written = [await looked(hours) for hours in (24, 25, 26)]
    assert written == [0, 1, 0]
    (silent, _) = await desk.read("admin", f"{path}/repairs")
    await desk.post("officer", f"/api/tasks/{silent['id']}/steps", {**step, "revision": silent["revision"]})
    assert await looked(30) == 0
