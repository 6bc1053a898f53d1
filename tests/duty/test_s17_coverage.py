"""S17: a seat nobody is planned for, a swap nobody approved, an officer who went away, a leader out of reach.

Source: shared/domain/scenarios.md S17, through the public API with a set clock.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.dispatch.escalator import Escalator
from app.duty.presence.watch import CoverageWatch
from tests.api.desk import Desk as Api
from tests.duty.county import (
    CENTRE,
    DISPATCH,
    INTAKE,
    LEADER,
    TOWN_LEADER,
    TOWN_OFFICER,
    TOWNSHIP,
    Desk,
    cell,
)
from tests.world import LIMITS, STREAM, ZONE

pytestmark = pytest.mark.database


class Night:
    """The evening of 1 July; accounts are given the persons they are."""

    def __init__(self, desk: Desk, api: Api) -> None:
        self.desk, self.api, self.world = desk, api, desk.world
        self.watch = CoverageWatch(self.world.database, self.world.clock, STREAM, ZONE)

    async def prepare(self) -> None:
        """Publish two days at the centre and in the east; officers become persons of the roster."""
        for username, person in (("officer", 102), ("second", 112), ("east", 201), ("leader", 130)):
            await self.world.run(
                "UPDATE account SET person_id = :p WHERE username = :u", p=person, u=username
            )
        await self.world.run("UPDATE login_session SET expires_at = '2026-01-01'")
        await self.world.run("UPDATE duty_post SET keeps_presence = true WHERE id = :id", id=TOWNSHIP)
        centre = [cell(LEADER, 100, "07-01 08:00"), cell(LEADER, 110, "07-02 08:00")]
        for seat, people in ((INTAKE, (102, 103, 112, 113)), (DISPATCH, (104, 105, 114, 115))):
            centre += [cell(seat, person, "07-01 08:00") for person in people[:2]]
            centre += [cell(seat, person, "07-02 08:00") for person in people[2:]]
        await self.desk.publish(centre)
        east = [cell(TOWN_LEADER, 207, "07-01 08:00", 48)]
        east += [cell(TOWN_OFFICER, person, "07-01 08:00") for person in (201, 202)]
        east += [cell(TOWN_OFFICER, person, "07-02 08:00") for person in (203, 204)]
        await self.desk.publish(east, post=TOWNSHIP)

    async def say(self, who: str, method: str, path: str, told: Any = None) -> httpx.Response:
        return await self.api.ask(who, method, path, told)

    async def told(self, event_type: str) -> list[dict[str, Any]]:
        """Look, and return the gaps or other facts of the events of a type."""
        await self.watch.look()
        return [e for e in await self.world.events() if e["type"] == event_type]


@pytest.fixture
async def night(desk: Desk, api: Api) -> Night:
    night = Night(desk, api)
    await night.prepare()
    return night


async def test_leave_granted_after_the_roster_leaves_a_gap_that_is_told_a_day_ahead(night: Night) -> None:
    night.desk.at("07-01 17:00")
    asked = await night.say(
        "second",
        "POST",
        "/api/duty/leave",
        {"kind": "sick", "starts_at": "2025-07-02T08:00:00+08:00", "ends_at": "2025-07-03T08:00:00+08:00"},
    )
    assert asked.status_code == 201, asked.text
    decided = await night.say(
        "leader", "POST", f"/api/duty/leave/{asked.json()['id']}/decision", {"approved": True}
    )
    assert decided.json()["state"] == "approved"
    gaps = [e["gap"] for e in await night.told("coverage.gap") if e["gap"]["seat_id"] == INTAKE]
    assert [(g["kind"], g["stage"], g["missing"]) for g in gaps] == [("unplanned", "day_ahead", 1)]
    assert gaps[0]["starts_at"] == "2025-07-02T00:00:00Z"
    night.desk.at("07-02 06:00")
    again = [e["gap"]["stage"] for e in await night.told("coverage.gap") if e["gap"]["seat_id"] == INTAKE]
    assert again == ["day_ahead", "two_hours"]


async def test_two_who_swap_by_themselves_are_still_on_duty_as_the_roster_says(night: Night) -> None:
    night.desk.at("07-01 18:30")
    (mine,) = [
        s for s in (await night.say("second", "GET", "/api/duty/mine")).json() if s["person_id"] == 112
    ]
    offer = {"shift_id": mine["id"], "taker_id": 131, "urgent": True, "reason": "孩子发烧"}
    swap = await night.say("second", "POST", "/api/duty/swaps", offer)
    assert swap.status_code == 201, swap.text
    taken = await night.say("lead", "POST", f"/api/duty/swaps/{swap.json()['id']}/take", {"person_id": 131})
    assert taken.json()["state"] == "taken"
    night.desk.at("07-01 22:00")
    assert [e["swap"]["asker_name"] for e in await night.told("swap.unapproved")] == ["值班112"]
    assert (112, "07-02 08:00", "07-03 08:00") in await night.desk.shifts(INTAKE)


async def test_an_officer_who_went_away_is_missed_replaced_and_the_gap_stays_on_record(night: Night) -> None:
    night.desk.at("07-01 07:50")
    here = {"means": "phone", "lon": 118.2001, "lat": 28.5001}
    assert (await night.say("east", "POST", "/api/duty/presence/arrival", here)).status_code == 201
    typed = {"person_id": 202, "note": "电话确认"}
    assert (await night.say("lead", "POST", "/api/duty/presence/arrival", typed)).status_code == 201

    night.desk.at("07-01 20:10")
    (silent,) = await night.told("presence.silent")
    assert silent["attendance"]["person_name"] == "值班201"

    night.desk.at("07-01 20:25")
    gone = {"person_id": 201, "at": "2025-07-01T20:10:00+08:00", "note": "电话抽测无人接听,疑似脱岗"}
    left = await night.say("lead", "POST", "/api/duty/presence/departure", gone)
    assert left.json()["before_relief"] is True
    (opened,) = [e for e in await night.told("coverage.gap") if e["gap"]["kind"] == "left"]
    assert opened["gap"]["person_name"] == "值班201"

    night.desk.at("07-01 20:40")
    path = f"/api/duty/posts/{TOWNSHIP}/substitutes?seat_id={TOWN_OFFICER}"
    span = "&start=2025-07-01T20:40:00%2B08:00&end=2025-07-02T08:00:00%2B08:00"
    could = (await night.say("east", "GET", path + span)).json()
    fit = [one["person_id"] for one in could if one["fit"]]
    assert 205 in fit
    blocked = {one["person_id"]: [o["code"] for o in one["obstacles"]] for one in could if not one["fit"]}
    assert blocked[202] == ["already_on_duty"]
    assert blocked[203] == ["continuous_exceeded"]

    tired = {"person_id": 203, "gap_id": opened["gap"]["id"]}
    refused = await night.say("lead", "POST", f"/api/duty/posts/{TOWNSHIP}/stand-ins", tired)
    assert (refused.status_code, refused.json()["code"]) == (409, "continuous_exceeded")
    stand_in = {"person_id": 205, "gap_id": opened["gap"]["id"]}
    made = await night.say("lead", "POST", f"/api/duty/posts/{TOWNSHIP}/stand-ins", stand_in)
    assert made.status_code == 201, made.text
    assert [
        e for e in await night.told("coverage.filled") if e["gap"]["seat_id"] == TOWN_OFFICER
    ] == []  # a name on the roster fills no chair

    night.desk.at("07-01 20:55")
    await night.say("lead", "POST", "/api/duty/presence/arrival", {"person_id": 205})
    (closed,) = [e for e in await night.told("coverage.filled") if e["gap"]["seat_id"] == TOWN_OFFICER]
    assert closed["gap"]["minutes"] == 45
    listed = (await night.say("lead", "GET", "/api/duty/gaps?past=true")).json()
    assert [(g["person_name"], g["minutes"]) for g in listed if g["kind"] == "left"] == [("值班201", 45)]


async def test_the_outgoing_officer_cannot_leave_before_relief_and_his_overtime_counts(night: Night) -> None:
    night.desk.at("07-01 07:50")
    here = {"means": "phone", "lon": 118.2, "lat": 28.5}
    await night.say("east", "POST", "/api/duty/presence/arrival", here)
    await night.say("lead", "POST", "/api/duty/presence/arrival", {"person_id": 202})
    night.desk.at("07-02 08:00")
    refused = await night.say("east", "POST", "/api/duty/presence/departure", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "empty_desk")
    night.desk.at("07-02 08:22")
    for person in (203, 204):
        late = await night.say("lead", "POST", "/api/duty/presence/arrival", {"person_id": person})
        assert late.json()["late_min"] == 22
    gone = await night.say("east", "POST", "/api/duty/presence/departure", {})
    assert (gone.status_code, gone.json()["overtime_min"]) == (200, 22)


async def test_after_three_calls_in_vain_a_deputy_leads(night: Night) -> None:
    night.desk.at("07-01 21:00")
    await night.world.run("UPDATE duty_seat SET deputies = '{107}' WHERE id = :id", id=LEADER)
    path = f"/api/duty/posts/{CENTRE}/leader-calls"
    for count in (1, 2):
        call = await night.say("officer", "POST", path, {"answered": False})
        assert call.json()["in_vain"] == count
        night.world.later(minutes=2)
    await night.say("officer", "POST", path, {"answered": False, "note": "关机"})
    (told,) = await night.told("presence.leader_replaced")
    assert told["acting_name"] == "值班107"
    centre = (await night.say("officer", "GET", f"/api/duty/posts/{CENTRE}/now")).json()
    assert [s["person_name"] for s in centre["seats"][0]["on"]] == ["值班107"]


async def test_of_two_who_lead_the_one_who_was_called_in_vain_is_replaced(night: Night) -> None:
    await night.world.run(
        "INSERT INTO duty_seat (id, post_id, role, needed, mode, qualification, ordinal, deputies)"
        " VALUES (50, :post, 'chief_leader', 1, 'on_site', '', 0, '{108}')",
        post=CENTRE,
    )
    start = {"starts_at": "2025-07-01T08:00:00+08:00", "ends_at": "2025-07-02T08:00:00+08:00"}
    chief = {"seat_id": 50, "add_person_id": 120, "reason": "总带班", **start}
    await night.say("lead", "POST", f"/api/duty/posts/{CENTRE}/overrides", chief)
    await night.world.run("UPDATE duty_seat SET deputies = '{107}' WHERE id = :id", id=LEADER)
    night.desk.at("07-01 21:00")
    path = f"/api/duty/posts/{CENTRE}/leader-calls"
    unclear = await night.say("officer", "POST", path, {"answered": False})
    assert (unclear.status_code, unclear.json()["fields"][0]["name"]) == (422, "person_id")
    assert (
        await night.say("officer", "POST", path, {"answered": False, "person_id": 111})
    ).status_code == 422
    for _ in range(2):
        await night.say("officer", "POST", path, {"answered": False, "person_id": 100})
    other = await night.say("officer", "POST", path, {"answered": False, "person_id": 120})
    assert other.json()["in_vain"] == 1
    await night.say("officer", "POST", path, {"answered": False, "person_id": 100})
    (told,) = await night.told("presence.leader_replaced")
    assert (told["call"]["person_name"], told["acting_name"]) == ("值班100", "值班107")
    assert [row[0] for row in await night.desk.shifts(50)] == [120]
    assert [call["person_id"] for call in (await night.say("officer", "GET", path)).json()] == [120]


async def test_nobody_leads_only_because_he_is_free(night: Night) -> None:
    night.desk.at("07-01 21:00")
    await night.world.run("UPDATE duty_seat SET deputies = '{}' WHERE id = :id", id=LEADER)
    for _ in range(3):
        await night.say("officer", "POST", f"/api/duty/posts/{CENTRE}/leader-calls", {"answered": False})
    (told,) = await night.told("presence.leader_replaced")
    assert told["acting_name"] is None  # 110 leads tomorrow and would sit too long; clerks do not lead
    assert [row[0] for row in await night.desk.shifts(LEADER)] == [100, 110]


async def test_an_answer_starts_the_count_anew(night: Night) -> None:
    night.desk.at("07-01 21:00")
    path = f"/api/duty/posts/{CENTRE}/leader-calls"
    calls = [
        await night.say("officer", "POST", path, {"answered": answered})
        for answered in (False, False, True, False)
    ]
    assert [call.json()["in_vain"] for call in calls] == [1, 2, 0, 1]


async def test_nobody_is_present_from_afar_or_without_a_shift(night: Night) -> None:
    night.desk.at("07-01 07:50")
    far = await night.say(
        "east", "POST", "/api/duty/presence/arrival", {"means": "phone", "lon": 118.25, "lat": 28.5}
    )
    assert (far.status_code, far.json()["code"]) == (409, "too_far_away")
    assert "4.9 公里" in far.json()["zh"]
    nowhere = await night.say("east", "POST", "/api/duty/presence/arrival", {"means": "phone"})
    assert nowhere.json()["code"] == "too_far_away"
    stranger = await night.say("leader", "POST", "/api/duty/presence/arrival", {})
    assert stranger.json()["code"] == "not_rostered"
    await night.say("lead", "POST", "/api/duty/presence/arrival", {"person_id": 201})
    twice = await night.say("lead", "POST", "/api/duty/presence/arrival", {"person_id": 201})
    assert twice.json()["code"] == "already_here"


async def test_presence_is_a_number_where_it_is_kept(night: Night) -> None:
    night.desk.at("07-01 09:00")
    await night.say("lead", "POST", "/api/duty/presence/arrival", {"person_id": 201})
    posts = {p["id"]: p for p in (await night.say("officer", "GET", "/api/duty/now")).json()}
    assert (posts[TOWNSHIP]["present"], posts[TOWNSHIP]["expected"]) == (1, 2)
    assert posts[CENTRE]["present"] is None


async def test_a_seat_that_is_never_planned_is_one_gap_however_long_it_lasts(night: Night) -> None:
    for hour in ("07-01 09:00", "07-01 15:00", "07-02 07:00"):
        night.desk.at(hour)
        await night.told("coverage.gap")
    clerk = [g for g in (await night.say("officer", "GET", "/api/duty/gaps")).json() if g["role"] == "clerk"]
    assert len(clerk) == 1
    assert len([e for e in await night.told("coverage.filled") if e["gap"]["role"] == "clerk"]) == 0


async def test_an_order_nobody_answers_names_the_leaders_on_duty_then_and_why(night: Night) -> None:
    """Roster and dispatch are one: whoever was replaced is not called (design/field.md §7.2)."""
    night.desk.at("07-01 21:00")
    await night.world.run("UPDATE duty_seat SET deputies = '{107}' WHERE id = :id", id=LEADER)
    path = f"/api/duty/posts/{CENTRE}/leader-calls"
    for _ in range(3):
        await night.say("officer", "POST", path, {"answered": False})
    sent = await night.world.send()
    escalator = Escalator(night.world.database, night.world.clock, LIMITS)
    for _ in range(3):
        night.world.later(minutes=10)
        await escalator.look()
    (told,) = [
        e["assignment"]["called"]
        for e in await night.world.events()
        if e["type"] == "assignment.escalated" and e["assignment"]["leader_alerted_at"]
    ]
    assert sent.called == []
    assert [(one["name"], one["post_name"]) for one in told] == [
        ("江队长", ""),
        ("值班207", "东镇应急管理所"),
        ("值班107", "樟川市应急指挥中心"),
    ]
    assert told[2]["why_zh"] == "樟川市应急指挥中心当班(替班或代行)"
    assert "phone" not in told[2]
