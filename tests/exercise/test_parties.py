"""A drill with named participants: it is there for them alone, in every answer, push and export."""

from __future__ import annotations

from typing import Any

import pytest

from app.dispatch.secrecy import store as secrecy
from app.journal import store as journal
from app.org.rules.access import may_see
from tests.api.desk import Desk, problem
from tests.exercise.exercise_evening import SCRIPT
from tests.exercise.test_drills import fired
from tests.world import CARD, EAST_BANK, OPEN_KIND, STREAM, TRUCK

pytestmark = pytest.mark.database


async def drilled(desk: Desk, participants: list[str], observers: tuple[str, ...] = ()) -> dict[str, Any]:
    """Plan a drill as the shift lead, the second officer a controller, and start it."""
    told = {
        "source": SCRIPT.replace(TRUCK, CARD).replace("jt808", "rdss21"),
        "planned_at": desk.world.clock.now().isoformat(),
        "members": [{"account_id": desk.world.people["second"].account_id}],
        "participants": participants,
        "observers": list(observers),
    }
    made = await desk.post("lead", "/api/drills", told)
    assert made.status_code == 201, made.text
    assert (await desk.post("lead", f"/api/drills/{made.json()['id']}/steps", {"step": "start"})).is_success
    drill: dict[str, Any] = made.json()
    return drill


def key_of(desk: Desk, who: str) -> str:
    """Return under which name an account takes part."""
    return f"account:{desk.world.people[who].account_id}"


async def test_a_drill_is_there_for_who_takes_part_and_for_nobody_else(desk: Desk) -> None:
    drill = await drilled(desk, ["place:990181100"], (key_of(desk, "auditor"),))
    notice, alarm = await fired(desk, drill, "call"), await fired(desk, drill, "sos")
    form = {"event_code": OPEN_KIND, "region_code": EAST_BANK}
    sees = {"east", "lead", "second", "auditor"}
    for who in ("officer", "leader", "west"):  # neither their rank nor their place opens it
        assert (await desk.read(who, "/api/snapshot"))["alarms"] == []
        assert await desk.read(who, "/api/intake") == []
        problem(await desk.post(who, f"/api/intake/{notice['notice_id']}/incident", form), 404, "not_found")
        problem(await desk.post(who, f"/api/alarms/{alarm['alarm_id']}/acknowledge"), 404, "not_found")
    for who in sees:
        (heard,) = (await desk.read(who, "/api/snapshot"))["alarms"]
        assert heard["drill_id"] == drill["id"]
    # Who looks on changes nothing; who takes part works as on any night.
    looked = await desk.post("auditor", f"/api/alarms/{alarm['alarm_id']}/acknowledge")
    assert looked.status_code == 403
    opened = await desk.post("east", f"/api/intake/{notice['notice_id']}/incident", form)
    assert opened.status_code == 201, opened.text
    incident = opened.json()
    assert {one["key"] for one in incident["named_readers"]} >= {"place:990181100", key_of(desk, "lead")}
    (
        await desk.post("east", f"/api/alarms/{alarm['alarm_id']}/confirm", {"event_code": OPEN_KIND})
    ).raise_for_status()
    path = f"/api/incidents/{incident['id']}"
    for who in ("officer", "leader", "west"):
        problem(await desk.get(who, path), 404, "not_found")
        assert await desk.read(who, "/api/incidents") == []
        assert (await desk.read(who, "/api/snapshot"))["incidents"] == []
    assert (await desk.get("auditor", path)).is_success
    # Nothing of it is pushed to others, whatever is read from the journal now or later.
    rows = await desk.world.do(lambda tx: journal.read_after(tx, STREAM, 0, 1000))
    sealed = await desk.world.do(lambda tx: secrecy.sealed(tx, STREAM))
    of_it = [row for row in rows if row.type.split(".")[0] in ("intake", "alarm", "incident")]
    assert of_it
    for name, viewer in desk.world.people.items():
        seen = {row.type for row in of_it if may_see(viewer, row.concern) and sealed.shows(viewer, row)}
        assert bool(seen) == (name in sees), (name, seen)
    mark = (await desk.read("officer", "/api/drills"))["drills"][0]
    assert (mark["state"], mark["takes_part"], len(mark["participants"])) == ("running", False, 1)
    assert (await desk.read("east", "/api/drills"))["drills"][0]["takes_part"]
    # A planned inject stays hidden from who takes part.
    assert (await desk.get("east", f"/api/drills/{drill['id']}/control")).status_code in (403, 404)
    # The drill says who knows of its incidents.
    told = {
        "version": incident["version"],
        "sensitive": False,
        "restricted": True,
        "reason": "改",
        "readers": [key_of(desk, "officer")],
    }
    problem(await desk.ask("lead", "PUT", f"{path}/secrecy", told), 422, "parties_decide")


async def test_only_who_takes_part_is_sent_and_asked_and_a_pause_frees_everybody(desk: Desk) -> None:
    teams = {one["region_code"][:9]: one for one in (await desk.read("lead", "/api/snapshot"))["teams"]}
    drill = await drilled(desk, [key_of(desk, "officer"), "place:990181100"])
    form = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "drill_id": drill["id"]}
    incident = (await desk.post("officer", "/api/incidents", form)).json()
    path = f"/api/incidents/{incident['id']}"
    inside = next(one for place, one in teams.items() if place == "990181100")
    away = next(one for place, one in teams.items() if place != "990181100")
    refused = await desk.post("officer", f"{path}/assignments", {"team_id": away["id"]})
    problem(refused, 422, "not_in_drill")
    assert away["name_zh"] in refused.json()["detail"] or away["name_zh"] in refused.text
    order = {
        "title": "转移",
        "basis": "incident",
        "text": "转移",
        "incident_id": incident["id"],
        "recipients": [{"team_id": away["id"]}],
        "tasks": [{"text": "转移"}],
    }
    wrong = await desk.post("officer", "/api/orders", order)
    assert wrong.json()["code"] == "not_in_drill", wrong.text
    told = await desk.post("officer", "/api/recommendations", {"incident_ids": [incident["id"]]})
    offered = {one["team_id"] for one in told.json()["advice"][0]["offers"]}
    assert offered and away["id"] not in offered, "nobody is offered who does not take part"
    sent = await desk.post("officer", f"{path}/assignments", {"team_id": inside["id"]})
    assert sent.status_code == 201, sent.text
    assert (await desk.post("leader", f"/api/drills/{drill['id']}/steps", {"step": "pause"})).is_success
    (left,) = (await desk.read("lead", "/api/snapshot"))["assignments"]
    assert left["state"] == "cancelled"
    unknown = {
        "source": SCRIPT,
        "planned_at": desk.world.clock.now().isoformat(),
        "participants": ["team:999999"],
    }
    problem(await desk.post("lead", "/api/drills", unknown), 422, "invalid_input")
