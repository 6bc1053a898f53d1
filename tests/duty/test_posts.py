"""What is set of a post: seats, rotations, lines; holidays only; a draft filled from rotations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.duty.roster import on_duty
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.manned import manned
from tests.api.desk import Desk as Api
from tests.duty.county import CENTRE, TOWN_LEADER, TOWN_OFFICER, TOWNSHIP, Desk, local, moment
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database
POST = f"/api/duty/posts/{TOWNSHIP}"


async def rotate(api: Api, seat: int, groups: list[list[int]], **more: Any) -> Any:
    told = {
        "seat_id": seat,
        "kind": "daily",
        "starts_at": "2025-07-01T08:00:00+08:00",
        "groups": groups,
        **more,
    }
    return await api.ask("east", "POST", f"{POST}/rotations", told)


async def test_a_month_is_filled_from_the_rotations_and_covers_every_minute(desk: Desk, api: Api) -> None:
    assert (await rotate(api, TOWN_LEADER, [[206], [207]])).status_code == 201
    made = await rotate(api, TOWN_OFFICER, [[200, 201], [202, 203], [204, 205]])
    assert len(made.json()["rotations"]) == 2
    filled = await api.ask(
        "east", "POST", f"{POST}/rosters/2025-07/proposal", {"version": 0, "source": "rotation"}
    )
    assert filled.status_code == 200, filled.text
    assert len(filled.json()["roster"]["draft"]) == 31 * 3
    assert [f for f in filled.json()["findings"] if f["severity"] in {"block", "red"}] == []


async def test_a_platoon_keeps_its_turn_over_a_weekend_off(desk: Desk, api: Api) -> None:
    await rotate(api, TOWN_OFFICER, [[200], [201], [202]], on_days=[0, 1, 2, 3, 4])
    filled = await api.ask(
        "east", "POST", f"{POST}/rosters/2025-07/proposal", {"version": 0, "source": "rotation"}
    )
    days = [(c["starts_at"][5:10], c["person_id"]) for c in filled.json()["roster"]["draft"][:6]]
    assert days == [
        ("07-01", 200),
        ("07-02", 201),
        ("07-03", 202),
        ("07-04", 200),
        ("07-07", 201),  # nobody lost a turn to Saturday and Sunday
        ("07-08", 202),
    ]


async def test_a_window_cuts_the_turns_into_nights(desk: Desk, api: Api) -> None:
    night = [{"days": [0, 1, 2, 3, 4, 5, 6], "start": "20:00", "end": "08:00"}]
    await rotate(api, TOWN_OFFICER, [[200], [201]], windows=night)
    filled = await api.ask(
        "east", "POST", f"{POST}/rosters/2025-07/proposal", {"version": 0, "source": "rotation"}
    )
    first = filled.json()["roster"]["draft"][0]
    assert (first["starts_at"], first["ends_at"]) == ("2025-07-01T12:00:00Z", "2025-07-02T00:00:00Z")


async def test_what_cannot_be_a_rotation_is_told_in_words(desk: Desk, api: Api) -> None:
    twice = await rotate(api, TOWN_OFFICER, [[200, 200]])
    assert twice.status_code == 422
    assert twice.json()["fields"][0]["zh"]
    assert (await rotate(api, TOWN_OFFICER, [])).status_code == 422
    assert (await rotate(api, TOWN_OFFICER, [[99]])).status_code == 422
    assert (await rotate(api, 1, [[200]])).status_code == 422


async def test_seats_are_set_as_a_whole_and_one_left_out_needs_nobody(desk: Desk, api: Api) -> None:
    told = {"seats": [{"role": "duty_officer", "needed": 3}, {"role": "chief_leader", "needed": 1}]}
    done = await api.ask("east", "PUT", f"{POST}/seats", told)
    assert [(s["role"], s["needed"]) for s in done.json()["seats"]] == [
        ("duty_officer", 3),
        ("chief_leader", 1),
        ("leader_in_charge", 0),
    ]
    twice = {"seats": [{"role": "clerk", "needed": 1}, {"role": "clerk", "needed": 2}]}
    assert (await api.ask("east", "PUT", f"{POST}/seats", twice)).status_code == 422
    other = await api.ask("east", "PUT", f"/api/duty/posts/{CENTRE}/seats", told)
    assert other.status_code == 404


async def test_a_chief_leader_is_missing_on_holidays_only(desk: Desk, api: Api) -> None:
    """Three tiers on holidays: 总带班, 带班, 值班 (rules B7 R15)."""
    told = {"seats": [{"role": "chief_leader", "needed": 1, "days": "holidays", "mode": "on_call"}]}
    await api.ask("lead", "PUT", f"/api/duty/posts/{CENTRE}/seats", told)
    found = {}
    for day in ("09-30 12:00", "10-01 07:59", "10-01 08:00", "10-02 03:00"):
        at = moment(day)
        (post,) = await desk.world.do(lambda tx, at=at: on_duty.on_duty(tx, STREAM, STREAM, at, CENTRE))  # type: ignore[misc]
        found[day] = post.seats[0].missing
    assert found == {"09-30 12:00": 0, "10-01 07:59": 0, "10-01 08:00": 1, "10-02 03:00": 1}


def test_a_holiday_of_duty_runs_from_eight_to_eight() -> None:
    week = Interval(moment("09-29 00:00"), moment("10-12 00:00"))
    (national,) = manned("holidays", week, ZONE)
    assert (local(national.start), local(national.end)) == ("10-01 08:00", "10-09 08:00")
    assert manned("always", week, ZONE) == (week,)


async def test_a_rotation_ends_and_a_post_says_where_it_is(desk: Desk, api: Api) -> None:
    made = (await rotate(api, TOWN_OFFICER, [[200]])).json()["rotations"][0]["id"]
    gone = await api.ask("east", "DELETE", f"{POST}/rotations/{made}")
    assert gone.json()["rotations"] == []
    assert (await api.ask("east", "DELETE", f"{POST}/rotations/{made}")).status_code == 404
    place = {"lon": 118.21, "lat": 28.51, "keeps_presence": True, "lines": ["rescue"]}
    post = (await api.ask("east", "PATCH", f"{POST}/settings", place)).json()["post"]
    assert {key: post[key] for key in place} == place
    assert (await api.ask("east", "PATCH", f"{POST}/settings", {"lon": 1})).status_code == 422


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "hourly", "length": 8},
        {"kind": "daily"},
        {"kind": "daily", "on_days": [0, 1, 2, 3, 4]},
        {"kind": "weekly", "windows": [{"days": [5, 6], "start": "20:00", "end": "08:00"}]},
        {"kind": "weekly", "starts_at": "2025-05-26T08:00:00+08:00"},
        {"kind": "monthly", "length": 2, "starts_at": "2025-06-01T08:00:00+08:00"},
    ],
)
async def test_what_is_previewed_is_what_a_draft_is_filled_with(
    desk: Desk, api: Api, told: dict[str, Any]
) -> None:
    whole = {
        "seat_id": TOWN_OFFICER,
        "starts_at": "2025-07-01T08:00:00+08:00",
        "groups": [[200, 201], [202], [203]],
        **told,
    }
    previewed = await api.ask("east", "POST", f"{POST}/rotations/preview", whole)
    assert previewed.status_code == 200, previewed.text
    assert (await api.ask("east", "GET", f"{POST}/settings")).json()["rotations"] == []  # nothing is stored
    await api.ask("east", "POST", f"{POST}/rotations", whole)
    filled: list[dict[str, Any]] = []
    for month in ("2025-06", "2025-07", "2025-08"):
        proposal = {"version": 0, "source": "rotation"}
        done = await api.ask("east", "POST", f"{POST}/rosters/{month}/proposal", proposal)
        filled += done.json()["roster"]["draft"]
    start = max(desk.world.clock.now(), datetime.fromisoformat(whole["starts_at"]))
    span = Interval(start, start + timedelta(days=14))
    within = [c for c in filled if Interval(_at(c["starts_at"]), _at(c["ends_at"])).overlaps(span)]
    assert previewed.json() == sorted(within, key=lambda c: (c["starts_at"], c["ends_at"]))


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told)
