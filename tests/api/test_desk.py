"""The picture, the events after it, the story of an incident."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.api import desk as route
from app.desk.events import payload_of
from app.desk.snapshot import Picture, apply
from app.dispatch.actions import incidents
from app.dispatch.commands import IncidentPatch
from tests.api.desk import Desk, problem
from tests.world import EAST_BANK, LAKE, OPEN_KIND, RIVER, WEST_LAKE

pytestmark = pytest.mark.database


async def page_through(desk: Desk, who: str, limit: int, after: int = 0) -> list[dict[str, Any]]:
    """Read every page; each must end where the next begins."""
    events: list[dict[str, Any]] = []
    while True:
        page = await desk.read(who, f"/api/events?after={after}&limit={limit}")
        events += page["events"]
        assert len(page["events"]) <= limit
        assert page["next"] >= after
        assert page["more"] == (page["next"] < page["head"])
        if not page["more"]:
            return events
        assert page["next"] > after
        after = page["next"]


async def fill(desk: Desk) -> None:
    for number in range(12):
        await desk.world.incident(region_code=WEST_LAKE if number % 3 else EAST_BANK)


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_pages_of_events_give_each_visible_one_once_and_in_order(desk: Desk, limit: int) -> None:
    await fill(desk)
    whole = await page_through(desk, "officer", limit)
    assert [event["seq"] for event in whole] == list(range(1, 13))
    own = await page_through(desk, "east", limit)
    assert [event["seq"] for event in own] == [1, 4, 7, 10]
    assert await page_through(desk, "crew", limit) == []
    assert await page_through(desk, "east", limit, after=4) == own[2:]


async def test_a_long_stretch_that_is_for_other_eyes_is_passed_over_page_by_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "SCAN", 2)
    await fill(desk)
    assert [event["seq"] for event in await page_through(desk, "east", 200)] == [1, 4, 7, 10]


@pytest.mark.parametrize("query", ["after=-1", "limit=0", "limit=1001", "after=x"])
async def test_a_page_that_cannot_be_is_refused(desk: Desk, query: str) -> None:
    problem(await desk.get("officer", f"/api/events?{query}"), 422, "invalid_input")


async def test_a_picture_taken_while_others_write_is_true_at_its_number(desk: Desk) -> None:
    """Events up to `seq`, applied to nothing, must give exactly the picture that came with it."""
    ids = [(await desk.world.incident()).id for _ in range(2)]
    teams = (await desk.read("officer", "/api/snapshot"))["teams"]

    async def write(incident_id: int) -> None:
        by = desk.world.people["officer"]
        for version in range(1, 9):
            patch = IncidentPatch(version=version, title=f"第 {version} 版")
            await desk.world.do(
                lambda tx, patch=patch: incidents.amend(tx, by, incident_id, patch, desk.world.clock.now())  # type: ignore[misc]
            )

    writers = asyncio.gather(*(write(id_) for id_ in ids))
    pictures = []
    while not writers.done():
        pictures.append(await desk.read("officer", "/api/snapshot"))
        await asyncio.sleep(0)
    await writers
    assert pictures
    events = (await desk.read("officer", "/api/events?limit=1000"))["events"]
    for taken in pictures:
        picture = Picture(alarms=[], incidents=[], assignments=[], deliveries=[], teams=teams)
        for event in events[: taken["seq"]]:
            picture = apply(picture, payload_of(event))
        assert picture == Picture(**{name: taken[name] for name in Picture.model_fields})


async def test_the_story_of_an_incident_tells_times_people_and_words(desk: Desk) -> None:
    sent = await desk.world.send(RIVER)
    desk.world.later(minutes=2)
    await desk.post("crew", f"/api/assignments/{sent.id}/steps", {"step": "acknowledge"})
    desk.world.later(minutes=10)
    told = {"step": "arrive", "channel": "radio"}
    await desk.post("officer", f"/api/assignments/{sent.id}/steps", told)
    story = await desk.read("officer", f"/api/incidents/{sent.incident_id}/timeline")
    reached = {stone["name"]: stone["elapsed_s"] for stone in story["milestones"]}
    assert reached == {
        "heard": 0,
        "opened": 0,
        "assigned": 0,
        "acknowledged": 120,
        "on_scene": 720,
        "done": None,
        "closed": None,
    }
    assert [(line["type"], line["actor"]) for line in story["entries"]] == [
        ("incident.opened", "值班员甲"),
        ("assignment.dispatched", "值班员甲"),
        ("assignment.acknowledged", "江队队员"),
        ("assignment.on_scene", "值班员甲"),
    ]
    assert story["entries"][2]["zh"].startswith("接单:江河救援队")
    (team,) = story["teams"]
    assert (team["answered_by"], team["answer_channel"]) == ("江队队员", "app")


async def test_the_printed_story_shows_what_people_typed_as_text_and_nothing_as_code(desk: Desk) -> None:
    evil = '<script>alert("x")</script>'
    told = {
        "event_code": OPEN_KIND,
        "region_code": EAST_BANK,
        "title": f"标题{evil}",
        "description": f"描述{evil}",
        "address": f"地址{evil}",
    }
    incident = (await desk.post("officer", "/api/incidents", told)).json()
    await desk.world.send(RIVER, incident["id"])
    cancel = {"step": "cancel", "channel": "radio", "reason": f"原因{evil}"}
    await desk.post("officer", "/api/assignments/1/steps", cancel)
    answer = await desk.get("officer", f"/api/incidents/{incident['id']}/timeline.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = answer.text
    assert "<script" not in page
    for words in ("标题", "描述", "地址", "原因"):
        assert f"{words}&lt;script&gt;" in page
    assert "2025-06-18 02:13:20" in page  # the county's time, not UTC
    assert "由 值班员甲 导出" in page


async def test_the_reference_tells_places_kinds_limits_and_the_centres_name(desk: Desk) -> None:
    told = await desk.read("crew", "/api/reference")
    assert len(told["regions"]) == 6
    assert {kind["code"]: kind["restricted"] for kind in told["event_types"]} == {
        "12Y00": False,
        "14A00": True,
    }
    assert told["limits"] == {
        "answer_limit_s": 180,
        "leader_alert_limit_s": 600,
        "position_limit_s": 600,
        "credentials_max_days": 365,
    }
    assert told["centre"]["name_zh"] == "樟川市应急指挥中心"


async def test_without_a_map_the_map_is_empty(desk: Desk) -> None:
    answer = await desk.get("officer", "/api/map/base")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json() == {"type": "FeatureCollection", "features": []}


async def test_incidents_are_listed_by_state_newest_first(desk: Desk) -> None:
    await desk.world.incident()
    await desk.world.incident()
    await desk.post("officer", "/api/incidents/1/close", {"reason": "已处置"})
    assert [row["id"] for row in await desk.read("officer", "/api/incidents")] == [2]
    assert [row["id"] for row in await desk.read("officer", "/api/incidents?state=closed")] == [1]
    problem(await desk.get("officer", "/api/incidents?state=lost"), 422, "invalid_input")


async def test_the_whole_road_of_an_order_goes_over_the_counter(desk: Desk) -> None:
    opened = await desk.post("officer", "/api/incidents", {"event_code": OPEN_KIND, "region_code": WEST_LAKE})
    assert opened.status_code == 201
    path = f"/api/incidents/{opened.json()['id']}"
    order = {"team_id": LAKE, "text": "带船", "rank_when_assigned": 1}
    sent = await desk.post("officer", f"{path}/assignments", order)
    assert (sent.status_code, sent.json()["state"]) == (201, "dispatched")
    again = await desk.post("second", f"{path}/assignments", order)
    assert again.json() == sent.json()  # it is there already: nothing is reset
    other = await desk.post("officer", "/api/incidents", {"event_code": OPEN_KIND, "region_code": EAST_BANK})
    elsewhere = await desk.post("second", f"/api/incidents/{other.json()['id']}/assignments", order)
    assert "值班员甲" in problem(elsewhere, 409, "already_committed")["zh"]
    assert (await desk.post("boatman", "/api/deliveries/1/receipt")).json()["state"] == "delivered"
    for step in ("acknowledge", "depart", "arrive", "finish"):
        told = {"step": step}
        assert (await desk.post("boatman", "/api/assignments/1/steps", told)).status_code == 200
    stale = await desk.ask("officer", "PATCH", path, {"version": 7, "title": "x"})
    problem(stale, 409, "stale_version")
    amended = await desk.ask("officer", "PATCH", path, {"version": 1, "title": "落水已救起"})
    assert amended.json()["version"] == 2
    closed = await desk.post("officer", f"{path}/close", {"reason": "已救起"})
    assert closed.json()["state"] == "closed"
    problem(await desk.post("officer", f"{path}/close", {"reason": "再"}), 409, "illegal_step")
