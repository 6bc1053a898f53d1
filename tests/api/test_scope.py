"""Who sees what and who may command where: every reading is filtered by scope."""

from __future__ import annotations

from typing import Any

import pytest

from app.dispatch.actions import intake
from app.signals import Distress, Text
from tests.api.desk import Desk, problem
from tests.world import (
    EAST_BANK,
    HILL,
    LAKE,
    LONE_CARD,
    OPEN_KIND,
    RIVER,
    SECRET_KIND,
    WEST_LAKE,
    WEST_TRUCK,
    World,
)

pytestmark = pytest.mark.database
OPEN = {"event_code": OPEN_KIND, "region_code": EAST_BANK}


async def fill(world: World) -> dict[str, int]:
    """An incident in the east with a team out, one in the west, one that is need-to-know, two alarms."""
    east = await world.incident()
    west = await world.incident(region_code=WEST_LAKE)
    secret = await world.incident(event_code=SECRET_KIND)
    await world.send(RIVER, east.id)
    await world.send(LAKE, west.id)
    await world.send(HILL, secret.id)
    await heard(world, LONE_CARD)
    await heard(world, WEST_TRUCK)
    return {"east": east.id, "west": west.id, "secret": secret.id}


async def heard(world: World, number: str) -> None:
    """A call for help and a text from one device."""
    device, now = await world.device(number), world.clock.now()
    await world.do(lambda tx: intake.hear_distress(tx, device, Distress("sos"), b"", now))
    await world.do(lambda tx: intake.hear_text(tx, device, Text("t", "桥断了", b""), b"", now))


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return sorted(int(row["id"]) for row in rows)


SEES = {  # who: incidents, alarms, teams, assignments
    "leader": ([1, 2, 3], [1, 2], [1, 2, 3, 4], [1, 2, 3]),
    "officer": ([1, 2, 3], [1, 2], [1, 2, 3, 4], [1, 2, 3]),
    "auditor": ([1, 2, 3], [1, 2], [1, 2, 3, 4], [1, 2, 3]),
    "east": ([1], [1], [1, 2], [1]),
    "west": ([2], [2], [3, 4], [2]),
    "crew": ([1], [], [1], [1]),
    "boatman": ([2], [], [3], [2]),
    "admin": ([], [], [], []),
}


@pytest.mark.parametrize("who", SEES)
async def test_each_sees_the_own_part_of_the_county_and_no_more(desk: Desk, who: str) -> None:
    await fill(desk.world)
    incidents, alarms, teams, assignments = SEES[who]
    picture = await desk.read(who, "/api/snapshot")
    assert ids(picture["incidents"]) == incidents
    assert ids(picture["alarms"]) == alarms
    assert ids(picture["teams"]) == teams
    assert ids(picture["assignments"]) == assignments
    assert {d["assignment_id"] for d in picture["deliveries"]} <= set(assignments)
    assert ids(await desk.read(who, "/api/incidents")) == incidents
    for id_ in (1, 2, 3):
        for part in ("", "/timeline", "/timeline.html"):
            answer = await desk.get(who, f"/api/incidents/{id_}{part}")
            assert answer.status_code == (200 if id_ in incidents else 404), (id_, part)
    events = (await desk.read(who, "/api/events?limit=1000"))["events"]
    assert {e["incident"]["id"] for e in events if "incident" in e} <= set(incidents)
    assert {e["alarm"]["id"] for e in events if "alarm" in e} == set(alarms)
    assert len([e for e in events if e["type"] == "text.received"]) == len(alarms)


async def test_a_township_cannot_command_elsewhere_nor_what_it_may_not_know(desk: Desk) -> None:
    there = await fill(desk.world)
    for name in ("west", "secret"):
        path = f"/api/incidents/{there[name]}"
        problem(await desk.ask("east", "PATCH", path, {"version": 1, "title": "x"}), 404, "not_found")
        problem(await desk.post("east", f"{path}/close", {"reason": "x"}), 404, "not_found")
        problem(await desk.post("east", f"{path}/assignments", {"team_id": HILL}), 404, "not_found")
        problem(await desk.get("east", f"{path}/recommendation"), 404, "not_found")
    for step, told in (("acknowledge", {}), ("dismiss", {"reason": "x"}), ("confirm", {})):
        problem(await desk.post("east", f"/api/alarms/2/{step}", told), 404, "not_found")
    problem(await desk.post("east", "/api/teams/3/standby", {"standby": False}), 404, "not_found")
    elsewhere = {"event_code": OPEN_KIND, "region_code": WEST_LAKE}
    problem(await desk.post("east", "/api/incidents", elsewhere), 403, "not_permitted")
    moved = {"version": 1, "region_code": WEST_LAKE}
    problem(await desk.ask("east", "PATCH", "/api/incidents/1", moved), 403, "not_permitted")
    problem(await desk.post("east", "/api/incidents/1/assignments", {"team_id": 4}), 403, "not_permitted")


async def test_a_township_that_lent_a_team_sees_the_incident_but_does_not_command_it(desk: Desk) -> None:
    incident = await desk.world.incident()
    await desk.world.send(LAKE, incident.id)
    assert (await desk.get("west", f"/api/incidents/{incident.id}")).status_code == 200
    answer = await desk.post("west", f"/api/incidents/{incident.id}/close", {"reason": "x"})
    problem(answer, 403, "not_permitted")


@pytest.mark.parametrize("who", ["crew", "admin", "auditor"])
async def test_those_without_command_do_not_command(desk: Desk, who: str) -> None:
    await fill(desk.world)
    problem(await desk.post(who, "/api/incidents", OPEN), 403, "not_permitted")
    problem(await desk.post(who, "/api/incidents/1/close", {"reason": "x"}), 403, "not_permitted")
    problem(await desk.post(who, "/api/alarms/1/acknowledge"), 403, "not_permitted")
    problem(await desk.get(who, "/api/incidents/1/recommendation"), 403, "not_permitted")
    problem(await desk.post(who, "/api/teams/1/standby", {"standby": False}), 403, "not_permitted")


async def test_the_recommendation_of_a_township_knows_its_own_teams_only(desk: Desk) -> None:
    incident = await desk.world.incident()
    path = f"/api/incidents/{incident.id}/recommendation"
    whole = await desk.read("officer", path)
    assert [offer["team_id"] for offer in whole["offers"]] == [RIVER, HILL, LAKE, 4]
    own = await desk.read("east", path)
    assert [offer["team_id"] for offer in own["offers"]] == [RIVER, HILL]


async def test_devices_are_listed_by_scope_and_strangers_numbers_for_the_county_only(desk: Desk) -> None:
    numbers = {
        who: [device["number"] for device in await desk.read(who, "/api/devices")]
        for who in ("officer", "admin", "auditor", "east", "west")
    }
    assert numbers["officer"] == numbers["admin"] == numbers["auditor"]
    assert numbers["officer"] == ["13900000001", "13900000002", "500201", "500301"]
    assert numbers["east"] == ["13900000001", "500201", "500301"]
    assert numbers["west"] == ["13900000002"]
    problem(await desk.get("crew", "/api/devices"), 403, "not_permitted")
    assert await desk.read("admin", "/api/devices/unknown") == []
    problem(await desk.get("east", "/api/devices/unknown"), 403, "not_permitted")


async def test_positions_of_the_snapshot_and_a_phones_own_position(desk: Desk) -> None:
    place = {"lon": 118.2, "lat": 28.5, "fixed_at": "2025-06-17T18:13:00Z"}
    assert (await desk.post("crew", "/api/positions", place)).status_code == 202
    for who, seen in (("crew", 1), ("officer", 1), ("east", 1), ("west", 0), ("boatman", 0), ("admin", 0)):
        positions = (await desk.read(who, "/api/snapshot"))["positions"]
        assert len(positions) == seen, who
    problem(await desk.post("officer", "/api/positions", place), 403, "not_permitted")
    assert (await desk.read("crew", "/api/events"))["events"] == []  # telemetry is never in the journal
