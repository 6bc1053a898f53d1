"""How often one person may ask: a script is slowed down, an officer never is."""

from __future__ import annotations

import pytest

from app.api.bearer import COMMANDS, People, TooManyRequests
from app.config import Settings
from app.org.rules.access import Viewer
from tests.api.desk import Desk, problem
from tests.world import EAST_BANK, OPEN_KIND, STREAM

OFFICER = Viewer(1, "x", "duty_officer", STREAM, STREAM)


@pytest.mark.database
async def test_who_reads_without_end_waits_and_still_takes_calls_and_gives_orders(desk: Desk) -> None:
    desk.house.settings.requests_per_minute = 3
    answers = [await desk.get("officer", "/api/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert problem(answers[-1], 429, "too_many_requests")
    assert "本账号" in answers[-1].text and "this account" in answers[-1].text
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
    assert (await desk.get("lead", "/api/me")).status_code == 200  # each account for itself
    for number in range(4):
        told = {"event_code": OPEN_KIND, "title": f"第 {number} 起", "region_code": EAST_BANK}
        assert (await desk.post("officer", "/api/incidents", told)).status_code == 201
    assert (await desk.get("officer", "/api/me")).status_code == 429


def refused(people: People, *, reading: bool, times: int) -> bool:
    try:
        for _ in range(times):
            people.admit(OFFICER, reading=reading)
    except TooManyRequests:
        return True
    return False


def test_a_desk_at_full_speed_is_far_from_the_limit_and_a_loop_is_not() -> None:
    people = People(Settings(_env_file=None).requests_per_minute)
    for _ in range(2000):  # thirty-three a second for a whole minute, at once
        people.admit(OFFICER, reading=True)
        people.admit(OFFICER, reading=False)
    assert refused(people, reading=True, times=3000)
    for _ in range(3000 * COMMANDS - 2000):
        people.admit(OFFICER, reading=False)
    assert refused(people, reading=False, times=3000)


def test_no_limit_is_no_limit() -> None:
    people = People(0)
    for _ in range(100_000):
        people.admit(OFFICER, reading=True)
