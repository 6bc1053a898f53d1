"""Named areas: shared in the centre, seen where they reach, changed by who answers for all of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.desk import Desk, problem
from tests.world import EAST, WEST

pytestmark = pytest.mark.database
EAST_RING = [[118.2, 28.5], [118.22, 28.5], [118.22, 28.52], [118.2, 28.52]]
BOTH = [[118.1, 28.4], [118.22, 28.4], [118.22, 28.52], [118.1, 28.52]]
ONE = {"name": "东岸低洼", "kind": "flood", "note": "水位 38 米时先淹", "ring": EAST_RING}


async def names(desk: Desk, who: str) -> list[str]:
    return [one["name"] for one in await desk.read(who, "/api/map/areas")]


async def drawn(desk: Desk, who: str, **changes: Any) -> dict[str, Any]:
    answer = await desk.post(who, "/api/map/areas", ONE | changes)
    assert answer.status_code == 201, answer.text
    area: dict[str, Any] = answer.json()
    return area


async def test_an_area_is_shared_amended_and_deleted_and_each_screen_hears_of_it(desk: Desk) -> None:
    head = await desk.world.head()
    area = await drawn(desk, "officer")
    assert (area["towns"], area["revision"], area["changed_by"]) == ([EAST], 1, "值班员甲")
    assert await names(desk, "second") == await names(desk, "east") == ["东岸低洼"]
    assert await names(desk, "west") == []

    path = f"/api/map/areas/{area['id']}"
    anew = ONE | {"name": "东西两岸", "ring": BOTH, "revision": 1}
    answer = await desk.ask("second", "PUT", path, anew)
    assert (answer.status_code, answer.json()["towns"]) == (200, [EAST, WEST])
    assert await names(desk, "west") == ["东西两岸"]
    # Who read it before does not overwrite what another wrote since.
    problem(await desk.ask("officer", "PUT", path, anew), 409, "area_changed_meanwhile")
    assert (await desk.ask("officer", "DELETE", path)).status_code == 204
    assert await names(desk, "second") == []
    told = [event for event in await desk.world.events(head) if event["type"].startswith("area.")]
    assert [event["type"] for event in told] == ["area.drawn", "area.amended", "area.deleted"]


async def test_a_township_draws_its_own_ground_and_changes_nothing_beyond_it(desk: Desk) -> None:
    own = await drawn(desk, "east")
    wider = await desk.post("east", "/api/map/areas", ONE | {"name": "两岸", "ring": BOTH})
    problem(wider, 403, "area_beyond_scope")
    shared = await drawn(desk, "officer", name="两岸", ring=BOTH)
    path = f"/api/map/areas/{shared['id']}"
    problem(await desk.ask("west", "DELETE", path), 403, "area_beyond_scope")
    problem(await desk.ask("west", "DELETE", f"/api/map/areas/{own['id']}"), 404, "not_found")
    problem(await desk.post("crew", "/api/map/areas", ONE), 403, "not_permitted")


@pytest.mark.parametrize(
    "ring",
    [
        [[118.2, 28.5], [118.22, 28.52], [118.22, 28.5], [118.2, 28.52]],
        [[118.2, 28.5], [118.21, 28.5], [118.22, 28.5]],
        [[100.0, 20.0], [100.1, 20.0], [100.1, 20.1]],
        [[118.2, 28.5], [118.22, 28.5]],
        [[118.2, 28.5], [118.22, 280.5], [118.22, 28.5]],
    ],
)
async def test_what_is_no_area_of_the_county_is_refused_with_its_reason(
    desk: Desk, ring: list[list[float]]
) -> None:
    answer = await desk.post("officer", "/api/map/areas", ONE | {"ring": ring})
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["name"].startswith("ring")
    assert await names(desk, "officer") == []


async def test_two_areas_of_one_name_would_be_taken_for_each_other(desk: Desk) -> None:
    await drawn(desk, "officer")
    again = await desk.post("second", "/api/map/areas", ONE | {"name": " 东岸低洼 "})
    problem(again, 409, "area_name_taken")
