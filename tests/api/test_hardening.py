"""What a review broke once: storms of readers, places that move, secrets of others, odd input."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.desk import Desk, problem
from tests.world import EAST_BANK, EAST_HILL, OPEN_KIND, RIVER, SECRET_KIND, WEST_LAKE


async def test_a_hundred_screens_take_their_snapshot_at_once(desk: Desk) -> None:
    """Each needs one connection only: with two, a full pool waits for itself."""
    async with asyncio.timeout(30):
        answers = await asyncio.gather(*(desk.get("officer", "/api/snapshot") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}


async def test_an_incident_moved_to_another_village_moves_on_the_map(desk: Desk) -> None:
    told = {"event_code": OPEN_KIND, "region_code": EAST_BANK}
    opened = (await desk.post("officer", "/api/incidents", told)).json()
    villages = {r["code"]: r for r in (await desk.read("officer", "/api/reference"))["regions"]}
    moved = await desk.ask(
        "officer", "PATCH", f"/api/incidents/{opened['id']}", {"version": 1, "region_code": EAST_HILL}
    )
    there = villages[EAST_HILL]
    assert (moved.json()["lon"], moved.json()["lat"]) == (there["lon"], there["lat"])


async def test_a_place_somebody_marked_stays_when_the_village_is_corrected(desk: Desk) -> None:
    told = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "lon": 118.3333, "lat": 28.4444}
    opened = (await desk.post("officer", "/api/incidents", told)).json()
    moved = await desk.ask(
        "officer", "PATCH", f"/api/incidents/{opened['id']}", {"version": 1, "region_code": EAST_HILL}
    )
    assert (moved.json()["lon"], moved.json()["lat"]) == (118.3333, 28.4444)


async def test_many_incidents_elsewhere_do_not_push_ones_own_out_of_the_picture(desk: Desk) -> None:
    await desk.world.incident()
    await desk.world.run(
        """
        INSERT INTO incident (stream, number, state, version, title, event_scheme, event_code,
               initial_level,
               restricted, life_threat, source, region_code, address, description, callers, casualties,
               received_at, opened_at, opened_by, alarm_ids, concern_regions, concern_teams)
        SELECT stream, 'SJ-X-' || n, 'open', 1, 'elsewhere', event_scheme, event_code, 4, false, false,
               source,
               CAST(:west AS text), '', '', '[]', '{}', received_at, opened_at, opened_by, '{}',
               ARRAY[CAST(:west AS text)], '{}'
          FROM incident, generate_series(1, 600) n
        """,
        west=WEST_LAKE,
    )
    seen = (await desk.read("east", "/api/snapshot"))["incidents"]
    assert [incident["region_code"] for incident in seen] == [EAST_BANK]
    assert len((await desk.read("officer", "/api/snapshot"))["incidents"]) == 601
    assert len(await desk.read("east", "/api/incidents?limit=1")) == 1


async def test_what_a_team_does_in_secret_is_not_told_to_a_township(desk: Desk) -> None:
    secret = await desk.world.incident(event_code=SECRET_KIND)
    await desk.post("officer", f"/api/incidents/{secret.id}/assignments", {"team_id": RIVER})
    open_one = await desk.world.incident(by="east")
    refused = await desk.post("east", f"/api/incidents/{open_one.id}/assignments", {"team_id": RIVER})
    document = problem(refused, 409, "already_committed")
    assert secret.number not in refused.text and "值班员甲" not in refused.text
    assert "其他任务" in document["zh"]
    advice = (await desk.get("east", f"/api/incidents/{open_one.id}/recommendation")).text
    assert secret.number not in advice


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("occurred_at", "0001-01-01T00:00:00+14:00"),
        ("received_at", "9999-12-31T23:59:59-12:00"),
        ("callers", [{"name": "n" * 201}]),
        ("callers", [{"words": "w" * 1001}]),
        ("callers", [{}] * 21),
        ("casualties", {"dead": -1}),
        ("casualties", {"dead": 10**12}),
    ],
)
async def test_what_cannot_be_is_refused_by_field(desk: Desk, field: str, value: object) -> None:
    told = {"event_code": OPEN_KIND, "region_code": EAST_BANK, field: value}
    document = problem(await desk.post("officer", "/api/incidents", told), 422, "invalid_input")
    assert document["fields"][0]["name"].startswith(field)


async def test_hostile_nesting_is_refused_and_an_origin_that_is_no_url_too(desk: Desk) -> None:
    nested: object = "x"
    for _ in range(600):
        nested = [nested]
    told = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "callers": nested}
    problem(await desk.post("officer", "/api/incidents", told), 422, "invalid_input")
    answer = await desk.ask("officer", "POST", "/api/incidents", {}, Origin="http://[")
    problem(answer, 403, "foreign_origin")


async def test_a_time_once_told_can_be_taken_back_but_not_the_title(desk: Desk) -> None:
    told = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "occurred_at": "2025-06-17T18:00:00Z"}
    opened = (await desk.post("officer", "/api/incidents", told)).json()
    path = f"/api/incidents/{opened['id']}"
    cleared = await desk.ask("officer", "PATCH", path, {"version": 1, "occurred_at": None})
    assert cleared.json()["occurred_at"] is None
    problem(await desk.ask("officer", "PATCH", path, {"version": 2, "title": " "}), 422, "invalid_input")
