"""Who may be planned at all: nobody who has left, and nobody whose people a planner does not plan."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.desk import Desk as Api
from tests.api.desk import problem
from tests.duty.county import CENTRE, INTAKE, LEADER, TOWN_LEADER, TOWN_OFFICER, TOWNSHIP, Desk, cell

pytestmark = pytest.mark.database
POSTS = "/api/duty/posts"
LEFT, ELSEWHERE = 203, 131
DAY = {"starts_at": "2025-07-01T08:00:00+08:00", "ends_at": "2025-07-02T08:00:00+08:00"}


def commands(person: int) -> list[tuple[str, str, dict[str, Any]]]:
    """Every way in which a planner puts a person on a desk of the township."""
    shift = {"person_id": person, **DAY}
    return [
        ("POST", "overrides", {"seat_id": TOWN_OFFICER, "add_person_id": person, "reason": "加班", **DAY}),
        (
            "POST",
            "temporary-schedules",
            {"seat_id": TOWN_OFFICER, "reason": "停电", "shifts": [shift], **DAY},
        ),
        (
            "POST",
            "rotations",
            {
                "seat_id": TOWN_OFFICER,
                "kind": "daily",
                "starts_at": DAY["starts_at"],
                "groups": [[200], [person]],
            },
        ),
        ("PUT", "seats", {"seats": [{"role": "leader_in_charge", "needed": 1, "deputies": [person]}]}),
    ]


async def test_a_township_cannot_put_the_people_of_another_unit_on_its_desk_and_read_their_numbers(
    desk: Desk, api: Api
) -> None:
    for method, path, told in commands(ELSEWHERE):
        answer = await api.ask("east", method, f"{POSTS}/{TOWNSHIP}/{path}", told)
        problem(answer, 422, "invalid_input")
    draft = {"version": 0, "cells": [cell(TOWN_OFFICER, ELSEWHERE, "07-01 08:00").model_dump(mode="json")]}
    answer = await api.ask("east", "PUT", f"{POSTS}/{TOWNSHIP}/rosters/2025-07/draft", draft)
    assert f"值班{ELSEWHERE}" not in answer.text
    problem(answer, 422, "invalid_input")


async def test_the_centre_lends_its_people_and_the_township_keeps_them_in_its_draft(
    desk: Desk, api: Api
) -> None:
    lent = [cell(TOWN_OFFICER, ELSEWHERE, "07-01 08:00")]
    await desk.publish(lent, post=TOWNSHIP)
    told = {"version": 1, "cells": [one.model_dump(mode="json") for one in lent]}
    kept = await api.ask("east", "PUT", f"{POSTS}/{TOWNSHIP}/rosters/2025-07/draft", told)
    assert kept.status_code == 200, kept.text


async def test_who_has_left_is_planned_by_nobody(desk: Desk, api: Api) -> None:
    await desk.world.run("UPDATE person SET active = false WHERE id = :id", id=LEFT)
    for method, path, told in commands(LEFT):
        problem(await api.ask("lead", method, f"{POSTS}/{TOWNSHIP}/{path}", told), 422, "invalid_input")


async def test_a_draft_that_names_somebody_who_has_left_cannot_be_published(desk: Desk, api: Api) -> None:
    cells = [cell(TOWN_OFFICER, LEFT, "07-01 08:00"), cell(TOWN_OFFICER, LEFT, "07-03 08:00")]
    await desk.draft(cells, post=TOWNSHIP)
    await desk.world.run("UPDATE person SET active = false WHERE id = :id", id=LEFT)
    told = {"version": 1, "accepting": ["COVERAGE_GAP"]}
    path = f"{POSTS}/{TOWNSHIP}/rosters/2025-07/publish"
    refused = problem(await api.post("lead", path, told), 409, "roster_refused")
    assert {field["name"] for field in refused["fields"]} == {"HAS_LEFT"}
    desk.at("07-05 12:00")  # what such a person did is past, and stays
    await desk.world.run("UPDATE login_session SET expires_at = '2026-01-01'")
    assert (await api.post("lead", path, told)).status_code == 200


async def test_who_has_left_can_still_be_taken_off_and_is_no_substitute(desk: Desk, api: Api) -> None:
    await desk.publish(
        [cell(TOWN_OFFICER, LEFT, "07-01 08:00"), cell(TOWN_LEADER, 207, "07-01 08:00")], post=2
    )
    await desk.world.run("UPDATE person SET active = false WHERE id = :id", id=LEFT)
    query = "seat_id=7&start=2025-07-01T00:00:00Z&end=2025-07-02T00:00:00Z"
    could = await api.read("lead", f"{POSTS}/{TOWNSHIP}/substitutes?{query}")
    assert LEFT not in {one["person_id"] for one in could}
    off = {"seat_id": TOWN_OFFICER, "remove_person_id": LEFT, "add_person_id": 204, "reason": "离职", **DAY}
    assert (await api.post("lead", f"{POSTS}/{TOWNSHIP}/overrides", off)).status_code == 201
    assert [person for person, *_ in await desk.shifts(TOWN_OFFICER)] == [204]


async def test_who_has_left_takes_no_swap(desk: Desk, api: Api) -> None:
    await desk.publish([cell(LEADER, 100, "07-01 08:00"), cell(INTAKE, 102, "07-01 08:00")], post=CENTRE)
    await desk.world.run("UPDATE person SET active = false WHERE id = 110")
    (shift,) = await desk.world.rows("SELECT id FROM shift WHERE person_id = 100")
    offer = {"shift_id": shift["id"], "reason": "家中有事"}
    swap = await api.post("lead", "/api/duty/swaps", offer)
    taken = await api.post("lead", f"/api/duty/swaps/{swap.json()['id']}/take", {"person_id": 110})
    problem(taken, 409, "cannot_take_shift")
