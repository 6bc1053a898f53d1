"""Responses through the public API: who decides, at once, several at once, drills, and what is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.response.war_room import FIRE, RESPONSES, SURGE, WarRoom
from tests.world import EAST, WEST

pytestmark = pytest.mark.database


def decision(response: dict[str, Any], step: int = 1) -> str:
    return f"{RESPONSES}/{response['id']}/steps/{step}/decision"


ACCEPT = {"verdict": "accept", "decided_as": "commander"}


async def consenting(room: WarRoom, **changes: Any) -> dict[str, Any]:
    consent = {
        "decided_as": "oral_consent",
        "consent_of": "沈立",
        "consent_at": room.world.clock.now().isoformat(),
    }
    return {"verdict": "accept", **consent, **changes}


async def test_of_two_commanders_at_once_the_first_decides_and_the_second_is_told(room: WarRoom) -> None:
    response = await room.respond(3)
    other = await consenting(room, verdict="other", level=2)
    both = await asyncio.gather(
        room.desk.post("leader", decision(response), ACCEPT),
        room.desk.post("officer", decision(response), other),
    )
    assert sorted(one.status_code for one in both) == [200, 409]
    (lost,) = [one.json() for one in both if one.status_code == 409]
    assert lost["code"] == "response_step_decided" and "级响应" in lost["zh"]
    told = await room.desk.read("officer", f"{RESPONSES}/{response['id']}")
    assert len([step for step in told["steps"] if step["number"]]) == 1


async def test_a_decision_pressed_twice_is_one_order_and_one_number(room: WarRoom) -> None:
    plan = await room.carded("flood")
    response = await room.respond(3, plan_id=plan)
    both = await asyncio.gather(*(room.desk.post("leader", decision(response), ACCEPT) for _ in range(2)))
    assert [one.status_code for one in both] == [200, 200]
    orders = await room.world.rows("SELECT id FROM dispatch_order")
    assert len(orders) == 11  # ten tasks and the response order
    series = await room.world.rows("SELECT last FROM number_series WHERE series LIKE 'response_order:%'")
    assert [one["last"] for one in series] == [1]


async def test_only_a_commander_decides_and_consent_has_a_name(room: WarRoom) -> None:
    response = await room.respond(3)
    path = decision(response)
    await room.refused("officer", path, 403, "commander_decides", ACCEPT)
    await room.refused("east", path, 404, "not_found", ACCEPT)
    await room.refused("crew", path, 403, "not_permitted", ACCEPT)
    nameless = {"verdict": "accept", "decided_as": "oral_consent"}
    assert (await room.desk.post("officer", path, nameless)).status_code == 422
    ahead = await consenting(room, consent_at="2025-06-21T12:00:00+08:00")
    await room.refused("officer", path, 422, "invalid_input", ahead)
    assert (await room.desk.post("leader", path, {**ACCEPT, "verdict": "refuse"})).status_code == 422
    assert (await room.desk.post("leader", path, {**ACCEPT, "level": 2})).status_code == 422


async def test_a_refused_proposal_leaves_nothing_behind_and_may_be_made_again(room: WarRoom) -> None:
    response = await room.respond(3)
    told = await room.do(
        "leader", decision(response), {"verdict": "refuse", "decided_as": "commander", "remark": "不必"}
    )
    assert (told["state"], told["level"], told["steps"][0]["number"]) == ("refused", None, "")
    assert await room.world.rows("SELECT 1 FROM dispatch_order") == []
    again = await room.respond(4)
    assert again["id"] != response["id"]


async def test_a_hazard_has_one_response_and_a_response_one_open_proposal(room: WarRoom) -> None:
    response = await room.respond(3)
    twice = {"event_code": SURGE, "level": 2, "cause_words": "又来"}
    await room.refused("officer", RESPONSES, 409, "response_runs", twice)
    step = {"kind": "adjust", "level": 2, "basis": "升级"}
    path = f"{RESPONSES}/{response['id']}/steps"
    await room.refused("officer", path, 409, "response_not_active", step)
    await room.decide(response)
    await room.refused("officer", path, 409, "response_same_level", {**step, "level": 3})
    await room.do("officer", path, step)
    await room.refused("officer", path, 409, "response_step_open", step)
    await room.refused("officer", RESPONSES, 422, "invalid_input", {**twice, "event_code": "11F99"})


async def test_of_several_responses_the_strictest_duty_holds_for_all_their_places(room: WarRoom) -> None:
    surge = await room.decide(await room.respond(3, region_codes=[EAST]))
    await room.look()
    fire = await room.decide(await room.respond(2, event_code=FIRE, cause_words="林火", region_codes=[WEST]))
    await room.look()
    (duty,) = (await room.desk.read("officer", RESPONSES))["duties"]
    assert (duty["level"], duty["hazards"]) == (2, "风暴潮、境内森林火灾")
    calls = await room.desk.read("officer", "/api/status-calls")
    (open_,) = [one for one in calls if one["state"] == "open"]
    assert open_["recipients"] == 2
    # The stricter one ends: the other's duty holds again, for its own places.
    path = f"{RESPONSES}/{fire['id']}/steps"
    fire = await room.do("officer", path, {"kind": "terminate", "basis": "熄灭"})
    await room.decide(fire)
    await room.look()
    board = await room.desk.read("officer", RESPONSES)
    assert [(one["level"], one["followed"]) for one in board["duties"]] == [(3, True)]
    assert [one["id"] for one in board["running"]] == [surge["id"]]
    calls = await room.desk.read("officer", "/api/status-calls")
    assert [one["recipients"] for one in calls if one["state"] == "open"] == [1]
    periods = await room.desk.read("officer", "/api/readiness/key-periods")
    assert [one["level"] for one in periods if one["ended_at"] is None] == [3]


async def test_a_drill_says_so_everywhere_and_declares_no_key_period(room: WarRoom) -> None:
    plan = await room.carded("flood")
    response = await room.decide(await room.respond(3, plan_id=plan, drill=True))
    step = response["steps"][0]
    assert step["title"].startswith("【演练】") and step["number"] == "演练樟应响〔2025〕1号"
    assert step["paragraphs"][0].startswith("【演练】")
    titles = await room.world.rows("SELECT title FROM dispatch_order")
    assert titles and all(one["title"].startswith("【演练】") for one in titles)
    await room.look()
    calls = await room.desk.read("officer", "/api/status-calls")
    assert [one["title"].startswith("【演练】") for one in calls] == [True]
    assert await room.desk.read("officer", "/api/readiness/key-periods") == []
    papers = (await room.desk.read("officer", "/api/documents?kind=response_order"))["documents"]
    assert [(one["drill"], one["title"].count("【演练】")) for one in papers] == [(True, 1)]
    # A drill and the real thing stand side by side, and number apart.
    real = await room.decide(await room.respond(4))
    assert real["steps"][0]["number"] == "樟应响〔2025〕1号"


async def test_an_order_stands_and_holds_up_nobody_when_its_paper_cannot_be_printed(
    room: WarRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed: list[int] = []

    async def jammed(_: object) -> dict[str, bytes]:
        # The county writes on while it is printed: no transaction waits for the press.
        told = {"title": "打印时来的电话", "source": "superior"}
        answer = await room.desk.post("officer", "/api/intake", told)
        pressed.append(answer.status_code)
        raise OSError("no printer")

    monkeypatch.setattr("app.api.responses.press_of", lambda _: jammed)
    response = await room.decide(await room.respond(4))
    assert response["steps"][0]["number"] == "樟应响〔2025〕1号"
    assert pressed == [201]
    assert (await room.desk.read("officer", "/api/documents?kind=response_order"))["documents"] == []
    monkeypatch.undo()
    told = {"kind": "response_order", "id": response["id"], "part": "1"}
    filed = await room.desk.post("officer", "/api/documents", told)
    assert filed.status_code in (200, 201), filed.text


async def test_a_township_sees_what_is_in_force_where_it_is_and_nothing_else(room: WarRoom) -> None:
    response = await room.respond(3, region_codes=[EAST])
    assert (await room.desk.read("east", RESPONSES))["running"] == []
    await room.decide(response)
    assert [one["id"] for one in (await room.desk.read("east", RESPONSES))["running"]] == [response["id"]]
    assert (await room.desk.read("west", RESPONSES))["running"] == []
    assert (await room.desk.get("west", f"{RESPONSES}/{response['id']}")).status_code == 404
    assert (await room.desk.get("crew", RESPONSES)).status_code == 403


async def test_two_watchers_at_once_begin_one_round_up(room: WarRoom) -> None:
    await room.decide(await room.respond(3))
    await asyncio.gather(*(room.look() for _ in range(2)))
    assert len(await room.desk.read("officer", "/api/status-calls")) == 1
    assert len(await room.desk.read("officer", "/api/readiness/key-periods")) == 1


async def test_a_consultation_is_counted_for_its_day(room: WarRoom) -> None:
    response = await room.decide(await room.respond(2))
    talk = {"chaired_by": "沈立", "words": "继续转移"}
    path = f"{RESPONSES}/{response['id']}/consultations"
    await room.do("officer", path, talk)
    early = {**talk, "held_at": "2025-06-19T08:00:00+08:00"}
    await room.refused("officer", path, 422, "invalid_input", early)
    (duty,) = (await room.desk.read("officer", RESPONSES))["duties"]
    assert (duty["held_today"], duty["consequence"]["consultations"]) == (1, 2)
