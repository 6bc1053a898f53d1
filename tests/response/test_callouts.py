"""Rounds of calls in the database and through the API: who sees what, who may do what, what is an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.response.call_and_respond.actions import clock, listing
from app.response.call_and_respond.watcher import Callouts
from tests.api.desk import problem
from tests.response.callout_county import DIRECTOR, MAYOR, PHONE_OF_A, VILLAGES, WARNING, Callout, a_of
from tests.world import COUNTY, EAST, EAST_BANK, STREAM, WEST, WEST_LAKE, ZONE

pytestmark = pytest.mark.database
ROUNDS = "/api/call-and-respond"


async def test_a_township_sees_and_calls_its_own_villages_and_starts_nothing(callout: Callout) -> None:
    up = callout
    await up.refused("east", ROUNDS, 403, "not_permitted", WARNING)
    await up.refused("auditor", ROUNDS, 403, "not_permitted", WARNING)
    await up.start()
    theirs, leader = up.path(WEST_LAKE), up.path("沈立")
    mine = await up.look("east")
    assert {one["tier"] for one in mine["targets"]} == {"township", "village"}
    assert (await up.office.get("east", theirs)).status_code == 404
    assert (await up.office.get("east", leader)).status_code == 404
    for path in (f"{theirs}/calls", f"{leader}/calls"):
        await up.refused("east", path, 404, "not_found", {"result": "answered", "name": "某"})
    await up.refused("east", f"{theirs}/hand-off", 404, "not_found", {"to": "派出所"})
    report = {"actions": [{"kind": "patrol"}]}
    await up.refused("east", f"{theirs}/reports", 404, "not_found", report)
    for verb in ("verification", "end", "tell-the-same"):
        told = {"kind": "cancelled", "words": "雨停"} if verb == "tell-the-same" else {}
        await up.refused("east", f"{ROUNDS}/{up.id}/{verb}", 403, "not_permitted", told)
    assert (await up.office.get("crew", f"{ROUNDS}/{up.id}")).status_code == 403
    assert (await up.office.get(None, f"{ROUNDS}/{up.id}")).status_code == 401


async def test_events_go_to_the_place_they_are_about_and_to_the_centre(callout: Callout) -> None:
    await callout.start()
    head = await callout.world.head()
    await callout.call(EAST_BANK, "east")
    rows = await callout.world.rows("SELECT type, region_codes FROM journal WHERE seq > :seq", seq=head)
    assert [(row["type"], row["region_codes"]) for row in rows] == [
        ("callout.answered", [EAST_BANK]),
        ("callout.yours", []),
    ]


async def test_sent_and_delivered_are_no_answer_and_an_answer_ends_the_calling(callout: Callout) -> None:
    up = callout
    await up.start()
    await up.world.run("UPDATE delivery SET state = 'delivered', delivered_at = queued_at")
    told = await up.look()
    assert up.count(told, "village")["answered"] == 0
    assert up.targets[EAST_BANK]["warned_at"] is not None
    answered = await up.call(EAST_BANK, words="收到")
    assert answered["open_calls"] == 0
    for minute in ("02:45", "02:50", "02:55", "03:00", "03:05", "03:18"):
        up.at(minute)
        await up.tick()
    calls = (await up.detail(EAST_BANK))["all_calls"]
    assert not [one for one in calls if one["purpose"] == "call" and one["result"] == "due"]
    assert {one["name"] for one in calls if one["purpose"] == "call"} == {answered["answered_by"]}


async def test_no_answer_tries_the_next_person_at_once_and_a_busy_line_is_tried_again(
    callout: Callout,
) -> None:
    up = callout
    await up.start()
    busy = await up.call(EAST_BANK, role="contact_a", result="busy")
    again = [one for one in busy["all_calls"] if one["means"] == "phone" and one["result"] == "due"]
    assert [(one["name"], one["attempt"]) for one in again] == [(f"甲{EAST_BANK[-6:]}", 2)]
    gone = await up.call(EAST_BANK, role="contact_a", result="no_answer")
    due = [one["name"][:1] for one in gone["all_calls"] if one["result"] == "due"]
    assert due == ["乙"], "B is next, before his five minutes"
    texts = [
        row for row in await up.world.deliveries() if row.address.endswith(str(a_of(EAST_BANK) + 1)[-5:])
    ]
    assert len(texts) == 1 and texts[0].channel == "satellite_phone"


async def test_who_answered_must_be_named_and_times_must_be_possible(callout: Callout) -> None:
    up = callout
    await up.start()
    path = f"{up.path(EAST_BANK)}/calls"
    nameless = {"result": "answered", "means": "face_to_face"}
    assert (await up.refused("officer", path, 422, "invalid_input", nameless))["fields"][0]["name"] == "name"
    early = {"result": "answered", "name": "甲", "at": up.moment("02:00")}
    assert (await up.refused("officer", path, 422, "invalid_input", early))["fields"][0]["name"] == "at"
    stranger = {"result": "no_answer", "person_row_id": 999999}
    await up.refused("officer", path, 422, "invalid_input", stranger)
    moved = {"actions": [{"kind": "evacuated", "done": 3}]}
    await up.refused("officer", f"{up.path(EAST_BANK)}/reports", 422, "invalid_input", moved)


async def test_one_cause_is_called_for_once_and_an_ended_round_takes_nothing_more(callout: Callout) -> None:
    up = callout
    first = await up.start()
    again = await up.refused("officer", ROUNDS, 409, "callout_runs", WARNING)
    assert str(first["id"]) in again["zh"]
    await up.do("officer", f"{ROUNDS}/{up.id}/end", {"words": "误发"})
    await up.refused("officer", f"{up.path(EAST)}/calls", 409, "callout_over", {"result": "busy"})
    assert not await up.world.rows("SELECT 1 FROM callout_call WHERE result = 'due'")
    waiting = await up.world.rows("SELECT 1 FROM delivery WHERE state = 'queued'")
    assert waiting == [], "what waited does not leave"
    up.at("03:30")
    await up.tick()
    assert not {"callout.climbed", "callout.overdue"} & set(await up.world.types())
    await up.start()


async def test_gaps_are_named_before_the_start_and_the_list_is_frozen_by_it(callout: Callout) -> None:
    up = callout
    await up.world.run("DELETE FROM office WHERE kind = 'contact_b' AND region_code = :code", code=EAST_BANK)
    await up.world.run("UPDATE person SET phones = '{}' WHERE id = :id", id=a_of(VILLAGES[1]))
    told = await up.do("officer", f"{ROUNDS}/preview", {"region_codes": [EAST]})
    gaps = {one["name"]: one["gaps"] for one in told["targets"] if one["gaps"]}
    assert gaps == {"东岸村": ["无B角"], "东山村": [f"A角甲{VILLAGES[1][-6:]}无号码"]} and told["gaps"] == 2
    await up.start(region_codes=[EAST])
    await up.world.run("UPDATE person SET phones = ARRAY['13900000000'], name_zh = '新人'")
    people = (await up.detail(VILLAGES[2]))["people"]
    assert [one["phones"] for one in people] == [
        [str(int(PHONE_OF_A) + a_of(VILLAGES[2]) + k)] for k in range(4)
    ]
    assert up.targets[VILLAGES[1]]["gaps"] == gaps["东山村"]
    await up.refused("east", f"{ROUNDS}/preview", 404, "not_found", {"region_codes": [WEST]})


async def test_a_person_called_answers_for_himself_on_his_phone_and_nobody_else_can(callout: Callout) -> None:
    up = callout
    await up.world.run("UPDATE account SET person_id = :id WHERE username = 'crew'", id=a_of(EAST_BANK))
    await up.start()
    (mine,) = await up.office.read("crew", f"{ROUNDS}/mine")
    assert (mine["role"], mine["round"]["title"], mine["round"]["counts"]) == (
        "contact_a",
        "暴雨红色预警",
        [],
    )
    app = [row for row in await up.world.deliveries() if row.address == f"person:{a_of(EAST_BANK)}"]
    assert [row.state for row in app] == ["delivered"] and mine["target"]["answered_at"] is None
    await up.refused("crew", f"{up.path(WEST_LAKE)}/acknowledge", 404, "not_found")
    told = await up.do("crew", f"{up.path(EAST_BANK)}/acknowledge", {"words": "已知晓"})
    assert (told["answered_means"], told["answered_words"]) == ("app", "已知晓")
    done = await up.do("crew", f"{up.path(EAST_BANK)}/reports", {"actions": [{"kind": "patrol"}]})
    assert done["acted_at"] and done["fed_back_at"]
    assert await up.office.read("boatman", f"{ROUNDS}/mine") == []


async def test_a_code_by_text_answers_and_a_teams_one_does_not(callout: Callout) -> None:
    up = callout
    await up.start()
    (row,) = await up.world.rows(
        "SELECT code FROM callout_person WHERE person_id = :id", id=a_of(EAST_BANK) + 1
    )
    assert not await up.text("1", 1, "r-1"), "a team's 1 answers an order"
    assert not await up.text("收到 0001", 2, "r-2")
    assert await up.text(f"收到 {row['code']} 马上转移", 2, "r-3")
    told = await up.detail(EAST_BANK)
    assert (told["answered_by"], told["answered_words"][:2]) == (f"乙{EAST_BANK[-6:]}", "收到")
    assert not await up.text(f"收到 {row['code']}", 2, "r-4"), "answered once"


async def test_a_drill_sends_no_sms_as_long_as_it_lasts_a_person_calls_instead(callout: Callout) -> None:
    await callout.start(drill=True, cause_kind="hand", cause_id=None)
    for _ in range(30):
        callout.world.later(minutes=5)
        await callout.tick()
    assert {row.channel for row in await callout.world.deliveries()} <= {"app"}
    calls = (await callout.detail(EAST_BANK))["all_calls"]
    assert {one["result"] for one in calls if one["means"] == "phone"} == {"due"}, "a person calls instead"
    assert "sms" not in {one["means"] for one in calls}


async def test_the_minutes_are_versions_and_a_running_round_keeps_its_own(callout: Callout) -> None:
    up = callout
    now = await up.office.read("officer", f"{ROUNDS}/limits")
    assert now["version"] == 0 and now["red"]["village"] == 30
    await up.start()
    colours = {colour: now[colour] for colour in ("red", "orange", "yellow", "blue")}
    told = {**colours, "red": {**now["red"], "village": 20}, "reason": "县防汛预案"}
    await up.refused("officer", f"{ROUNDS}/limits", 403, "not_permitted", told)
    made = await up.do("leader", f"{ROUNDS}/limits", told)
    assert (made["version"], made["red"]["village"]) == (1, 20)
    hasty = {**told, "blue": {**now["blue"], "village": 5}}
    wrong = await up.refused("leader", f"{ROUNDS}/limits", 422, "invalid_input", hasty)
    assert "colours.blue.village" in {one["name"] for one in wrong["fields"]}
    assert (await up.look())["minutes"]["village"] == 30
    new = await up.start(cause_id=12)
    assert (new["minutes"]["village"], new["limits_version"]) == (20, 1)


async def test_the_list_is_refreshed_filed_and_asked_for_before_20_april(callout: Callout) -> None:
    up = callout
    told = {"region_code": COUNTY, "entries": [{"role": "county_head", "person_id": MAYOR}]}
    await up.do("lead", f"{ROUNDS}/list", told, "PUT")
    assert [one["name"] for one in await up.office.read("lead", f"{ROUNDS}/list")][:1] == ["沈立"]
    answer = await up.office.ask("east", "PUT", f"{ROUNDS}/list", told)
    problem(answer, 404, "not_found")
    stranger = {"region_code": COUNTY, "entries": [{"role": "county_head", "person_id": DIRECTOR + 5}]}
    problem(await up.office.ask("lead", "PUT", f"{ROUNDS}/list", stranger), 422, "invalid_input")
    assert (await up.office.read("officer", f"{ROUNDS}/list/filing"))["state"] == "overdue"
    filed = await up.do("officer", f"{ROUNDS}/list/filing")
    assert (filed["state"], filed["filed_by"], filed["gaps"]) == ("filed", "值班员甲", [])
    assert filed["people"] >= 36 * 4 + 3
    spring = up.world.clock.now().replace(month=3, day=21) + timedelta(days=365)
    for at, count in (
        (spring, 1),
        (spring, 0),
        (spring + timedelta(days=40), 1),
        (spring + timedelta(days=41), 0),
    ):
        assert await up.world.do(lambda tx, at=at: listing.remind(tx, STREAM, at, ZONE)) == count  # type: ignore[misc]
    kinds = [one for one in await up.world.types() if one.startswith("callout.review")]
    assert kinds == ["callout.review_due", "callout.review_overdue"]


async def test_two_nodes_that_look_at_once_open_each_way_once(callout: Callout) -> None:
    up = callout
    await up.do("officer", f"{ROUNDS}/list/filing")
    await up.start()
    up.at("02:45")
    world = up.world
    async with world.database.transaction() as first, world.database.transaction() as second:
        await clock.look(first, STREAM, world.clock.now(), ZONE)
        assert await clock.look(second, STREAM, world.clock.now(), ZONE) == 0
    assert await Callouts(world.database, world.clock, STREAM, ZONE).look() == 0
    twice = await world.rows(
        "SELECT 1 FROM callout_call WHERE purpose = 'call'"
        " GROUP BY target_id, person_row_id, means HAVING count(*) > 1"
    )
    assert twice == []


async def test_nobody_is_told_of_a_change_of_what_reached_nobody(callout: Callout) -> None:
    up = callout
    await up.world.run("UPDATE person SET phones = ARRAY['0799-5550001']")
    await up.start()
    told = {"kind": "cancelled", "words": "雨停"}
    await up.refused("officer", f"{ROUNDS}/{up.id}/tell-the-same", 409, "callout_reached_nobody", told)
    await up.call(EAST_BANK, words="收到")
    new = await up.do("officer", f"{ROUNDS}/{up.id}/tell-the-same", told)
    assert [one["total"] for one in new["counts"] if one["township_code"] is None] == [1]
    up.id = new["id"]
    await up.look()
    calls = (await up.detail(EAST_BANK))["all_calls"]
    assert [(one["means"], one["result"]) for one in calls] == [("phone", "due")]


async def test_a_running_round_is_extended_by_places_that_have_their_own_deadlines(callout: Callout) -> None:
    up = callout
    await up.start(region_codes=[EAST], drill=True)
    village, leader = up.targets[EAST_BANK], up.targets["沈立"]
    await up.call(EAST_BANK, words="收到")
    calls = len((await up.detail(EAST_BANK))["all_calls"])
    path = f"{ROUNDS}/{up.id}/places"
    await up.refused("officer", path, 409, "callout_no_new_place", {"region_codes": [EAST, EAST_BANK]})
    await up.refused("east", path, 403, "not_permitted", {"region_codes": [WEST]})
    up.at("02:45")
    head = await up.world.head()
    told = await up.do("officer", path, {"region_codes": [EAST, WEST]})
    assert (told["region_codes"], told["state"], told["drill"]) == ([EAST, WEST], "running", True)
    assert up.count(told, "village")["total"] == 36 and up.count(told, "county")["total"] == 2
    await up.look()
    assert up.targets[WEST_LAKE]["due_at"] > village["due_at"]
    assert up.moment("03:15") == _there(up.targets[WEST_LAKE]["due_at"])
    assert up.targets["沈立"] == leader, "who was called stays as he was"
    assert up.targets[EAST_BANK]["answered_words"] == "收到"
    assert len((await up.detail(EAST_BANK))["all_calls"]) == calls
    assert (await up.detail(WEST_LAKE))["all_calls"], "the first way is open at once"
    rows = await up.world.rows("SELECT type, region_codes FROM journal WHERE seq > :seq", seq=head)
    assert [row["type"] for row in rows] == ["callout.widened", "callout.yours"]
    assert set(rows[0]["region_codes"]) == {COUNTY, WEST}
    up.at("03:11")
    await up.tick()
    await up.look()
    assert up.targets[EAST_BANK[:9] + "210"]["standing"] == "silent"
    assert up.targets[WEST_LAKE]["standing"] == "waiting"
    await up.do("officer", f"{ROUNDS}/{up.id}/end", {})
    await up.refused("officer", path, 409, "callout_over", {"region_codes": [WEST]})


def _there(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(ZONE).isoformat()
