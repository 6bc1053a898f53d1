"""Drones over HTTP: how they stand, their flights, their pictures; who may, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from app.devices.drones.live import Answer, Verb
from tests.api.desk import Desk, problem
from tests.devices.drone_evening import DRONE, a_drone
from tests.exercise.test_drills import drilled
from tests.world import EAST, SECRET_KIND, WEST

pytestmark = pytest.mark.database
RTMP = "rtmp://127.0.0.1/live/1?key=secret"


class Dock:
    """Who asks the dock: keeps what was asked, and answers as told."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, Verb, dict[str, Any]]] = []

    async def ask(self, gateway: str, verb: Verb, data: dict[str, Any]) -> Answer:
        self.asked.append((gateway, verb, data))
        return self.answer


def flight(device: int, **more: Any) -> dict[str, Any]:
    return {
        "device_id": device,
        "purpose": "查看堤防",
        "pilot": "李飞",
        "observer": "王观",
        "airspace_kind": "filed",
        "airspace": "空域批20250618",
        **more,
    }


async def planned(desk: Desk, device: int, who: str = "officer", **more: Any) -> dict[str, Any]:
    answer = await desk.post(who, "/api/drones/missions", flight(device, **more))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def facts(desk: Desk, device: int, **told: Any) -> None:
    await desk.world.run(
        "UPDATE device SET facts = facts || CAST(:told AS jsonb) WHERE id = :id",
        id=device,
        told=json.dumps(told),
    )


async def test_a_flight_from_plan_to_landing_takes_over_what_the_drone_told(desk: Desk) -> None:
    world = desk.world
    device = await world.do(a_drone)
    incident = await world.incident()
    one = await planned(desk, device, incident_id=incident.id)
    assert (one["number"], one["state"], one["drill"]) == ("飞〔2025〕1号", "planned", False)
    assert one["proposed_launch"] is None
    took_off = (world.clock.now() + timedelta(seconds=90)).isoformat()
    await facts(desk, device, took_off_at=took_off, took_off_pct=97)
    world.later(minutes=2)
    (listed,) = await desk.read("officer", "/api/drones/missions")
    proposed = listed["proposed_launch"]
    assert proposed["battery_pct"] == 97
    problem(await desk.post("officer", "/api/drones/missions/1/landing"), 409, "drone_not_launched")
    told = {"at": proposed["at"], "battery_pct": proposed["battery_pct"]}
    up = (await desk.post("officer", "/api/drones/missions/1/launch", told)).json()
    assert (up["state"], up["launch_pct"], up["proposed_launch"]) == ("flying", 97, None)
    board = await desk.read("officer", "/api/drones")
    assert board["drones"][0]["mission_id"] == 1

    other = await planned(desk, device)
    assert other["number"] == "飞〔2025〕2号"
    flies = await desk.post("officer", f"/api/drones/missions/{other['id']}/launch")
    assert "飞〔2025〕1号" in problem(flies, 409, "drone_flies")["title"]
    early = {"at": (world.clock.now() - timedelta(hours=1)).isoformat()}
    problem(await desk.post("officer", "/api/drones/missions/1/landing", early), 422, "invalid_input")
    strange = {"attachment_ids": [77]}
    problem(await desk.post("officer", "/api/drones/missions/1/landing", strange), 422, "invalid_input")
    world.later(minutes=20)
    down = {"battery_pct": 41, "note": "堤防完好"}
    landed = (await desk.post("officer", "/api/drones/missions/1/landing", down)).json()
    assert (landed["state"], landed["landing_pct"], landed["note"]) == ("landed", 41, "堤防完好")

    lines = (await desk.read("officer", f"/api/incidents/{incident.id}/timeline"))["entries"]
    words = [line["zh"] for line in lines if line["type"].startswith("drone_mission.")]
    assert words == [
        "无人机任务:飞〔2025〕1号 侦察一号:查看堤防(飞手 李飞)",
        "无人机起飞:飞〔2025〕1号 侦察一号:查看堤防(飞手 李飞,电量 97%)",
        "无人机降落:飞〔2025〕1号 侦察一号:查看堤防(飞手 李飞,电量 41%)",
    ]


async def test_a_flight_for_a_drill_is_one_and_numbered_apart(desk: Desk) -> None:
    device = await desk.world.do(a_drone)
    drill = await drilled(desk)
    incident = await desk.world.incident()
    await desk.world.run("UPDATE incident SET drill_id = :d WHERE id = :i", d=drill["id"], i=incident.id)
    one = await planned(desk, device, incident_id=incident.id)
    assert (one["drill"], one["number"]) == (True, "演练飞〔2025〕1号")
    assert (await planned(desk, device))["number"] == "飞〔2025〕1号"


async def test_a_drone_says_how_it_stands_and_what_it_never_told_is_not_there(desk: Desk) -> None:
    world = desk.world
    device = await world.do(a_drone)
    (one,) = (await desk.read("officer", "/api/drones"))["drones"]
    assert (one["link"], one["battery_pct"], one["height_m"], one["clock_off_s"]) == (
        "never_heard",
        None,
        None,
        None,
    )
    await facts(desk, device, landed="in_air", height_m=82.4, clock_off_s=-1_433_000_000, battery="unknown")
    await world.run("UPDATE device SET last_heard_at = :at, battery_pct = 71", at=world.clock.now())
    (one,) = (await desk.read("officer", "/api/drones"))["drones"]
    assert (one["link"], one["flies"], one["height_m"], one["battery_known"]) == ("live", True, 82.4, False)
    world.later(seconds=31)
    (one,) = (await desk.read("officer", "/api/drones"))["drones"]
    assert one["link"] == "lost"
    assert (await desk.read("west", "/api/drones"))["drones"] == []


async def test_a_picture_is_asked_for_and_what_came_of_it_is_told(desk: Desk) -> None:
    device = await desk.world.do(a_drone)
    path = f"/api/drones/{device}/live"
    start = {"action": "start", "url": RTMP}
    refused = problem(await desk.post("officer", path, start), 409, "no_picture")
    assert "ZHISHOU_DJI_MQTT_URL" in refused["title"]
    desk.house.live = dock = Dock(Answer("refused", 513003))
    nowhere = problem(await desk.post("officer", path, {"action": "start"}), 422, "invalid_input")
    assert "ZHISHOU_DRONE_STREAM_URL" in json.dumps(nowhere, ensure_ascii=False)
    wrong = {"action": "start", "url": "http://127.0.0.1/x"}
    problem(await desk.post("officer", path, wrong), 422, "invalid_input")
    problem(await desk.post("officer", path, {"action": "stop", "url": RTMP}), 422, "invalid_input")
    answer = await desk.post("officer", path, start)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "asked")
    assert dock.asked == [
        (
            "DOCK1",
            "live_start_push",
            {"url_type": 1, "url": RTMP, "video_id": f"{DRONE}/81-0-0/normal-0", "video_quality": 0},
        )
    ]
    (one,) = (await desk.read("officer", "/api/drones"))["drones"]
    assert (one["live"]["outcome"], one["live"]["code"], one["live"]["target"]) == (
        "refused",
        513003,
        "127.0.0.1",
    )
    assert one["live"]["said_zh"] == "机场拒绝(错误码 513003)"
    (event,) = (e for e in await desk.world.events() if e["type"] == "drone_live.ended")
    assert "secret" not in json.dumps(event)
    await desk.world.run("UPDATE drone_live SET outcome = 'asked', ended_at = NULL")
    desk.world.later(seconds=40)
    (one,) = (await desk.read("officer", "/api/drones"))["drones"]
    assert one["live"]["outcome"] == "interrupted"  # the process that asked is gone

    plain = await desk.world.do(lambda tx: a_drone(tx, "7", family="mavlink"))
    problem(await desk.post("officer", f"/api/drones/{plain}/live", start), 409, "no_picture")
    await desk.world.run("UPDATE device SET facts = facts - 'camera' WHERE id = :id", id=device)
    problem(await desk.post("officer", path, start), 409, "no_picture")


async def test_flights_keep_to_the_scope_the_right_and_the_secrecy_of_their_incident(desk: Desk) -> None:
    world = desk.world
    device = await world.do(a_drone)
    for who in ("crew", "auditor", "admin"):
        problem(await desk.post(who, "/api/drones/missions", flight(device)), 403, "not_permitted")
    problem(await desk.post("west", "/api/drones/missions", flight(device)), 404, "not_found")
    problem(await desk.post("officer", "/api/drones/missions", flight(1)), 404, "not_found")  # a truck
    secret = await world.incident(event_code=SECRET_KIND)
    open_ = await planned(desk, device, who="east")
    hidden = await planned(desk, device, who="leader", incident_id=secret.id)
    seen = {
        who: [m["id"] for m in await desk.read(who, "/api/drones/missions")]
        for who in ("leader", "officer", "west")
    }
    assert seen["leader"] == [hidden["id"], open_["id"]]
    assert seen["west"] == []
    knows = hidden["id"] in seen["officer"]
    answer = await desk.post("officer", f"/api/drones/missions/{hidden['id']}/launch")
    assert answer.status_code == (200 if knows else 404)
    east = await desk.post("east", f"/api/drones/missions/{hidden['id']}/launch")
    problem(east, 404, "not_found")
    far = await world.do(lambda tx: a_drone(tx, "FAR1", region=WEST))
    problem(await desk.post("east", "/api/drones/missions", flight(far)), 404, "not_found")
    assert EAST != WEST
