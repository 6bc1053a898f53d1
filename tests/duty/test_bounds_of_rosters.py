"""Inputs at the edge of what a roster can hold: they are cut or refused in words, never half kept."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.api.desk import Desk as Api
from tests.api.desk import problem
from tests.duty.county import CENTRE, LEADER, TOWN_LEADER, TOWN_OFFICER, TOWNSHIP, Desk, moment

pytestmark = pytest.mark.database
POSTS = "/api/duty/posts"


async def add(api: Api, start: str, end: str) -> httpx.Response:
    told = {"seat_id": LEADER, "add_person_id": 120, "reason": "驻守", "despite": "汛期驻点"}
    return await api.post(
        "leader",
        f"{POSTS}/{CENTRE}/overrides",
        {**told, "starts_at": moment(start).isoformat(), "ends_at": moment(end).isoformat()},
    )


async def rotate(api: Api, seat: int, **told: Any) -> None:
    told = {"seat_id": seat, "starts_at": "2025-07-01T08:00:00+08:00", "groups": [[200], [201]], **told}
    made = await api.post("east", f"{POSTS}/{TOWNSHIP}/rotations", told)
    assert made.status_code == 201, made.text


async def propose(api: Api, month: str) -> httpx.Response:
    told = {"version": 0, "source": "rotation"}
    return await api.post("east", f"{POSTS}/{TOWNSHIP}/rosters/{month}/proposal", told)


async def test_a_change_of_75_years_is_refused_in_words(desk: Desk, api: Api) -> None:
    told = {"seat_id": LEADER, "add_person_id": 120, "reason": "驻守", "starts_at": "2025-07-01T00:00:00Z"}
    answer = await api.post(
        "lead", f"{POSTS}/{CENTRE}/overrides", {**told, "ends_at": "2099-07-01T00:00:00Z"}
    )
    assert "35" in problem(answer, 422, "invalid_input")["en"]


async def test_changes_that_follow_each_other_for_months_all_hold(desk: Desk, api: Api) -> None:
    for start, end in (("07-01 08:00", "08-04 08:00"), ("08-04 08:00", "09-07 08:00")):
        assert (await add(api, start, end)).status_code == 201
    assert (await add(api, "09-07 08:00", "10-11 08:00")).status_code == 201
    held = await desk.shifts(LEADER)
    assert held[0][1] == "07-01 08:00"
    assert held[-1][2] == "10-11 08:00"
    assert all(one[2] == other[1] for one, other in pairwise(held))


async def test_turns_of_half_a_year_are_planned_month_by_month_and_hold(desk: Desk, api: Api) -> None:
    await rotate(api, TOWN_LEADER, kind="monthly", length=6)
    for month in ("2025-07", "2025-08"):
        assert (await propose(api, month)).status_code == 200
        told = {"version": 1, "accepting": ["COVERAGE_GAP"]}
        done = await api.post("east", f"{POSTS}/{TOWNSHIP}/rosters/{month}/publish", told)
        assert done.status_code == 200, done.text
    assert await desk.shifts(TOWN_LEADER) == [
        (200, "07-01 08:00", "08-01 08:00"),
        (200, "08-01 08:00", "09-01 08:00"),
    ]


async def test_rotations_that_give_more_shifts_than_a_month_can_hold_are_refused(
    desk: Desk, api: Api
) -> None:
    await rotate(api, TOWN_OFFICER, kind="hourly", groups=[[200, 201, 202, 203]])
    assert "2976" in problem(await propose(api, "2025-07"), 422, "invalid_input")["en"]


@pytest.mark.parametrize("at", ["2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"])
async def test_a_seat_of_the_holidays_is_answered_for_in_years_without_a_calendar(
    desk: Desk, api: Api, at: str
) -> None:
    await desk.world.run("UPDATE duty_seat SET days = 'holidays' WHERE id = :id", id=LEADER)
    assert (await api.get("lead", f"/api/duty/now?at={at}")).status_code == 200


async def test_the_last_month_of_the_calendar_can_be_drafted(desk: Desk, api: Api) -> None:
    await desk.world.run("UPDATE duty_seat SET days = 'holidays' WHERE id = :id", id=LEADER)
    path = f"{POSTS}/{CENTRE}/rosters/2099-12/draft"
    assert (await api.ask("lead", "PUT", path, {"version": 0, "cells": []})).status_code == 200
