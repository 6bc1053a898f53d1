"""A month generated through the API: into the drafts, watched, cancelled, wishes heeded, conflicts told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.duty.generation.desk import GenerationDesk
from tests.api.desk import Desk as Api
from tests.duty.county import TOWN_LEADER, TOWN_OFFICER, TOWNSHIP, Desk, cell, moment

pytestmark = pytest.mark.database
MONTH = f"/api/duty/posts/{TOWNSHIP}/rosters/2025-07"


@pytest.fixture
async def api_generating(desk: Desk, api: Api) -> AsyncIterator[Api]:
    """The application with its generator running; a township of nine people and three seats."""
    async with GenerationDesk(desk.world.database, desk.world.clock).running() as generation:
        api.house.generation = generation
        yield api


async def generate(api: Api, who: str = "lead", **changes: Any) -> dict[str, Any]:
    told = {"month": "2025-07", "post_ids": [TOWNSHIP], "seconds": 20, "nights_hard": False, **changes}
    begun = await api.ask(who, "POST", "/api/duty/generation", told)
    assert begun.status_code == 202, begun.text
    assert api.house.generation is not None
    await api.house.generation.ended()
    answer: dict[str, Any] = (await api.ask(who, "GET", "/api/duty/generation")).json()
    return answer


async def test_a_generated_month_is_a_draft_without_gaps_and_can_be_published(api_generating: Api) -> None:
    api = api_generating
    done = await generate(api)
    assert (done["state"], done["drafts"], done["unfilled"]) == ("done", [TOWNSHIP], 0)
    (total, *_) = (one for one in done["loads"] if one["load"] == "total")
    assert total["most"] - total["least"] <= 1  # 93 shifts, nine people
    shown = (await api.ask("lead", "GET", MONTH)).json()
    assert len(shown["roster"]["draft"]) == 31 * 3
    version = shown["roster"]["draft_version"]
    told = {"version": version, "accepting": []}
    published = await api.ask("lead", "POST", f"{MONTH}/publish", told)
    assert published.status_code == 200, published.text
    assert published.json()["shifts"] == shown["roster"]["draft"]


async def test_a_wish_is_heeded_and_what_stands_in_the_draft_stays(api_generating: Api) -> None:
    api = api_generating
    wish = {"person_id": 200, "day": "2025-07-10", "kind": "avoid", "weight": 10}
    assert (await api.ask("lead", "PUT", "/api/duty/wishes", wish)).status_code == 204
    listed = (await api.ask("lead", "GET", f"/api/duty/posts/{TOWNSHIP}/wishes/2025-07")).json()
    assert [(w["person_id"], w["day"], w["kind"]) for w in listed] == [(200, "2025-07-10", "avoid")]
    fixed = cell(TOWN_OFFICER, 205, "07-10 08:00")
    draft = {"version": 0, "cells": [fixed.model_dump(mode="json")]}
    assert (await api.ask("lead", "PUT", f"{MONTH}/draft", draft)).status_code == 200
    done = await generate(api, keep_draft=True)
    assert (done["wishes"], done["wishes_met"]) == (1, 1)
    cells = (await api.ask("lead", "GET", MONTH)).json()["roster"]["draft"]
    tenth = {c["person_id"] for c in cells if c["starts_at"].startswith("2025-07-10T00:00")}
    assert 205 in tenth
    assert 200 not in tenth


async def test_an_impossible_month_names_the_rules_that_stand_against_each_other(
    desk: Desk, api_generating: Api
) -> None:
    await desk.world.run("UPDATE person SET unit_id = NULL WHERE id > 201")
    done = await generate(api_generating)
    assert done["state"] == "infeasible"
    assert done["conflicts"][0][0]["zh"]
    assert done["conflicts"][0][0]["en"]
    assert (await api_generating.ask("lead", "GET", MONTH)).json()["roster"]["draft"] is None


async def test_a_draft_somebody_edits_meanwhile_is_not_overwritten(desk: Desk, api_generating: Api) -> None:
    api = api_generating
    told = {"month": "2025-07", "post_ids": [TOWNSHIP], "seconds": 20, "nights_hard": False}
    await api.ask("lead", "POST", "/api/duty/generation", told)
    mine = [cell(TOWN_LEADER, 207, "07-01 08:00")]
    await desk.draft(mine, post=TOWNSHIP)
    assert api.house.generation is not None
    await api.house.generation.ended()
    ended = (await api.ask("lead", "GET", "/api/duty/generation")).json()
    assert (ended["drafts"], ended["skipped"]) == ([], [TOWNSHIP])
    cells = (await api.ask("lead", "GET", MONTH)).json()["roster"]["draft"]
    assert [c["person_id"] for c in cells] == [207]


async def test_one_at_a_time_it_can_be_cancelled_and_only_planners_see_it(api_generating: Api) -> None:
    api = api_generating
    told = {"month": "2025-07", "post_ids": [TOWNSHIP], "seconds": 60}
    assert (await api.ask("lead", "POST", "/api/duty/generation", told)).json()["state"] == "running"
    busy = await api.ask("lead", "POST", "/api/duty/generation", told)
    assert (busy.status_code, busy.json()["code"]) == (409, "generation_busy")
    assert (await api.ask("east", "GET", "/api/duty/generation")).json()["state"] == "none"
    assert (await api.ask("officer", "GET", "/api/duty/generation")).status_code == 403
    await api.ask("lead", "DELETE", "/api/duty/generation")
    assert api.house.generation is not None
    await api.house.generation.ended()
    assert (await api.ask("lead", "GET", "/api/duty/generation")).json()["state"] == "cancelled"


async def test_another_planner_waits_in_a_queue_with_his_place_and_begins_by_himself(
    api_generating: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, path = api_generating, "/api/duty/generation"
    monkeypatch.setattr("app.duty.generation.desk.MOST_WAITING", 1)
    told = {"month": "2025-07", "post_ids": [TOWNSHIP], "seconds": 60}
    assert (await api.ask("lead", "POST", path, told)).json()["state"] == "running"
    waits = (await api.ask("leader", "POST", path, told)).json()
    assert (waits["state"], waits["place"]) == ("waiting", 1)
    await api.world.run("UPDATE account SET role = 'township_leader' WHERE username = 'east'")
    full = await api.ask("east", "POST", path, told)
    assert (full.status_code, full.json()["code"]) == (409, "generation_queue_full")
    await api.ask("lead", "DELETE", path)
    assert api.house.generation is not None
    while (await api.ask("leader", "GET", path)).json()["state"] == "waiting":  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert (await api.ask("leader", "GET", path)).json()["state"] == "running"
    assert (await api.ask("leader", "DELETE", path)).status_code == 200
    await api.house.generation.ended()
    assert [(await api.ask(who, "GET", path)).json()["state"] for who in ("lead", "leader")] == [
        "cancelled"
    ] * 2


async def test_who_waits_may_leave_the_queue(api_generating: Api) -> None:
    api, path = api_generating, "/api/duty/generation"
    told = {"month": "2025-07", "post_ids": [TOWNSHIP], "seconds": 60}
    await api.ask("lead", "POST", path, told)
    await api.ask("leader", "POST", path, told)
    assert (await api.ask("leader", "DELETE", path)).json()["state"] == "cancelled"
    assert (await api.ask("lead", "GET", path)).json()["state"] == "running"
    await api.ask("lead", "DELETE", path)


async def test_leave_is_a_hard_rule_of_generation(desk: Desk, api_generating: Api) -> None:
    world = desk.world
    await world.run(
        "INSERT INTO leave (stream, person_id, kind, starts_at, ends_at, reason, place, in_area, state,"
        " asked_by, asked_at, remark) VALUES ('990181', 203, 'annual', :s, :e, '', '', true, 'approved',"
        " '', :s, '')",
        s=moment("07-05 00:00"),
        e=moment("07-15 00:00"),
    )
    await generate(api_generating)
    cells = (await api_generating.ask("lead", "GET", MONTH)).json()["roster"]["draft"]
    days = {c["starts_at"][:10] for c in cells if c["person_id"] == 203}
    assert not {f"2025-07-{day:02d}" for day in range(5, 15)} & days


async def test_a_township_generates_its_own_desk_and_no_other(api_generating: Api) -> None:
    told = {"month": "2025-07", "post_ids": [1]}
    assert (await api_generating.ask("east", "POST", "/api/duty/generation", told)).status_code == 404
    bad = {"month": "2025-13", "post_ids": [TOWNSHIP]}
    assert (await api_generating.ask("lead", "POST", "/api/duty/generation", bad)).status_code == 422
