"""A drill on the main road: who may know what is still to come, and what never mixes with the real thing."""

from __future__ import annotations

from typing import Any

import pytest

from app.filing.rules.numbers import DRILL_MARK
from app.journal import store as journal
from app.org.rules.access import may_see
from tests.api.desk import Desk, problem
from tests.exercise.exercise_evening import SCRIPT
from tests.world import CARD, COUNTY, EAST_BANK, OPEN_KIND, STREAM, TRUCK

pytestmark = pytest.mark.database


async def drilled(desk: Desk, *, start: bool = True) -> dict[str, Any]:
    """Plan a drill as the shift lead, with the second officer as a controller, and start it."""
    second = desk.world.people["second"].account_id
    told = {
        "source": SCRIPT.replace(TRUCK, CARD).replace("jt808", "rdss21"),
        "planned_at": desk.world.clock.now().isoformat(),
        "members": [{"account_id": second}],
    }
    made = await desk.post("lead", "/api/drills", told)
    assert made.status_code == 201, made.text
    if start:
        assert (
            await desk.post("lead", f"/api/drills/{made.json()['id']}/steps", {"step": "start"})
        ).is_success
    drill: dict[str, Any] = made.json()
    return drill


async def fired(desk: Desk, drill: dict[str, Any], key: str) -> dict[str, Any]:
    """Let an inject come now; return it."""
    path = f"/api/drills/{drill['id']}"
    control = await desk.read("second", f"{path}/control")
    one = next(one for one in control["injects"] if one["key"] == key)
    told = (await desk.post("second", f"{path}/injects/{one['id']}/steps", {"step": "fire"})).json()
    return next(one for one in told["injects"] if one["key"] == key)


async def test_only_who_controls_a_drill_hears_of_an_inject_whatever_the_rank(desk: Desk) -> None:
    drill = await drilled(desk)
    path = f"/api/drills/{drill['id']}"
    inject = await fired(desk, drill, "call")
    for who in ("leader", "officer", "auditor"):
        answer = await desk.get(who, f"{path}/control")
        assert answer.status_code in (403, 404), who
        assert (await desk.get(who, f"{path}/sheet.html")).status_code in (403, 404)
    move = f"{path}/injects/{inject['id']}/steps"
    problem(await desk.post("leader", move, {"step": "skip"}), 404, "not_found")
    problem(await desk.post("second", move, {"step": "skip"}), 409, "inject_moved")
    rows = await desk.world.do(lambda tx: journal.read_after(tx, STREAM, 0, 1000))
    hidden = [row for row in rows if row.type == "drill.inject_moved"]
    known = {name for name, viewer in desk.world.people.items() if may_see(viewer, hidden[0].concern)}
    assert hidden and known == {"lead", "second"}
    public = "".join(row.wire for row in rows if row.type.startswith("drill.") and row not in hidden)
    assert "夜间点检" in public and "求救" not in public and "来电" not in public


async def test_a_real_call_for_help_is_never_counted_towards_that_of_a_drill(desk: Desk) -> None:
    drill = await drilled(desk)
    inject = await fired(desk, drill, "sos")
    (alarm,) = (await desk.read("officer", "/api/snapshot"))["alarms"]
    assert (alarm["id"], alarm["drill_id"]) == (inject["alarm_id"], drill["id"])
    assert alarm["text"].startswith(DRILL_MARK)
    # The same card calls in earnest.
    from app.dispatch.actions.intake import hear_distress
    from app.signals import Distress

    card, now = await desk.world.device(CARD), desk.world.clock.now()
    real = await desk.world.do(lambda tx: hear_distress(tx, card, Distress("r1", text="救命"), b"x", now))
    assert real != alarm["id"]
    incident = (
        await desk.post("officer", f"/api/alarms/{alarm['id']}/confirm", {"event_code": OPEN_KIND})
    ).json()
    assert incident["drill_id"] == drill["id"] and incident["number"].startswith("演练SJ-")
    again = await desk.world.do(lambda tx: hear_distress(tx, card, Distress("r2", text="救命"), b"x", now))
    assert again == real


async def test_a_drill_and_the_real_thing_are_not_mixed_and_real_things_are_not_touched(desk: Desk) -> None:
    drill = await drilled(desk)
    inject = await fired(desk, drill, "call")
    form = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "title": "险情"}
    real = (await desk.post("officer", "/api/incidents", form)).json()
    joined = await desk.post(
        "officer", f"/api/intake/{inject['notice_id']}/join", {"incident_id": real["id"]}
    )
    problem(joined, 409, "drill_apart")
    mine = (await desk.post("officer", "/api/incidents", {**form, "drill_id": drill["id"]})).json()
    assert mine["title"] == f"{DRILL_MARK}险情"
    merged = await desk.post(
        "officer", f"/api/incidents/{mine['id']}/merge", {"into_id": real["id"], "reason": "同一"}
    )
    problem(merged, 409, "drill_apart")
    ordered = await desk.post(
        "officer",
        "/api/evacuations",
        {"incident_id": mine["id"], "region_codes": [EAST_BANK], "reason": "险"},
    )
    assert ordered.status_code == 422
    sheet = {
        "press": "p-1234567",
        "event_type": "11A01",
        "title": "转移",
        "text": "请转移",
        "areas": [COUNTY],
        "wish": "drill_terminal",
        "cause_kind": "incident",
        "cause_id": mine["id"],
    }
    problem(await desk.post("officer", "/api/broadcasts", sheet), 403, "no_voice")
    path = f"/api/drills/{drill['id']}"
    problem(await desk.post("lead", f"{path}/live-voice", {"reason": "试响"}), 403, "voice_needs_another")
    assert (await desk.post("leader", f"{path}/live-voice", {"reason": "试响"})).json()["live_voice_by"]
    assert (await desk.post("officer", "/api/broadcasts", sheet)).status_code != 403
    # Who leads the desk may pause a drill he does not control; then nothing more begins in it.
    problem(await desk.post("officer", f"{path}/steps", {"step": "pause"}), 403, "not_permitted")
    assert (await desk.post("leader", f"{path}/steps", {"step": "pause"})).json()["state"] == "paused"
    late = await desk.post("officer", "/api/incidents", {**form, "drill_id": drill["id"]})
    problem(late, 409, "drill_not_running")


async def test_a_task_goes_its_loop_and_is_checked_by_another(desk: Desk) -> None:
    told = {"kind": "hazard", "title": "堤坝渗水", "region_code": EAST_BANK}
    task = (await desk.post("east", "/api/tasks", told)).json()
    path = f"/api/tasks/{task['id']}/steps"
    problem(await desk.post("west", path, {"step": "drop", "revision": 1, "words": "误"}), 404, "not_found")
    problem(await desk.post("east", path, {"step": "close", "revision": 1}), 409, "task_step")
    problem(await desk.post("east", path, {"step": "assign", "revision": 1}), 422, "invalid_input")
    for who, step, more in (
        ("officer", "assign", {"owner": "水利站"}),
        ("east", "fix", {"words": "已封堵"}),
        ("officer", "return", {"words": "仍渗水"}),
        ("east", "fix", {}),
    ):
        task = (await desk.post(who, path, {"step": step, "revision": task["revision"], **more})).json()
    problem(
        await desk.post("east", path, {"step": "check", "revision": task["revision"]}),
        403,
        "checked_by_another",
    )
    problem(await desk.post("officer", path, {"step": "check", "revision": 1}), 409, "task_stale")
    for step in ("check", "close"):
        task = (await desk.post("officer", path, {"step": step, "revision": task["revision"]})).json()
    assert (task["state"], task["returns"]) == ("closed", 1)
    assert (await desk.read("east", "/api/tasks"))["counts"][0]["rate"] == 1.0
    detail = await desk.read("east", f"/api/tasks/{task['id']}")
    assert [one["step"] for one in detail["notes"]][-2:] == ["check", "close"]


async def test_a_whistle_calls_departments_and_waits_for_each(desk: Desk) -> None:
    told = {"kind": "whistle", "title": "燃气味", "region_code": EAST_BANK, "units": [1], "urgent": True}
    task = (await desk.post("east", "/api/tasks", told)).json()
    path = f"/api/tasks/{task['id']}"
    assert [(one["unit_id"], one["arrived_at"]) for one in task["arrivals"]] == [(1, None)]
    fix = {"step": "fix", "revision": 1}
    problem(await desk.post("east", f"{path}/steps", fix), 409, "not_all_reported")
    # Whoever is waited for in vain is written down with the reason.
    gone = (await desk.post("east", f"{path}/steps", {**fix, "words": "部门未到,镇上自行关阀"})).json()
    assert (gone["state"], gone["arrivals"][0]["arrived_at"]) == ("fixed", None)
    problem(await desk.post("west", f"{path}/arrivals", {"unit_id": 1, "name": "李"}), 404, "not_found")
    problem(await desk.post("east", "/api/tasks", {**told, "units": [77]}), 422, "invalid_input")
    form = {"event_code": "12Y00", "region_code": EAST_BANK}
    opened = await desk.post("east", f"{path}/incident", form)
    assert opened.status_code == 201
    problem(await desk.post("east", f"{path}/arrivals", {"unit_id": 1, "name": "李"}), 409, "task_step")
    hazard = (
        await desk.post("east", "/api/tasks", {**told, "kind": "hazard", "units": [], "urgent": False})
    ).json()
    problem(await desk.post("east", f"/api/tasks/{hazard['id']}/incident", form), 409, "no_whistle")
    assert len(await desk.read("east", "/api/incidents")) == 1, "what was refused left no incident"
