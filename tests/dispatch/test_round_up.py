"""Round-ups beyond the scenario: texts, repeats, who may do what, whom the roster calls."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.dispatch.status_county import BUREAU, RoundUp
from tests.duty.spot_county import EAST_POST, WEST_POST, leader
from tests.world import EAST, WEST

pytestmark = pytest.mark.database
EAST_CARD, TRUCK = 2, 1  # devices of the east whose teams belong to no unit: the place speaks


async def test_a_text_answers_or_is_refused_politely_and_kept(round_up: RoundUp) -> None:
    up = round_up
    await up.ask()
    await up.text(f"#{up.id} 1=很多 2=4", EAST_CARD, "t-1")
    told = await up.look_at()
    assert up.units[EAST_POST]["answers"] == []
    (kept,) = told["texts"]
    assert (kept["taken"], kept["words"]) == (False, f"#{up.id} 1=很多 2=4")
    assert "第1题“很多”没有看懂" in kept["reply"] and f"#{up.id} 1=数 2=数 3=缺…" in kept["reply"]
    reply = (await up.sent())[-1]
    assert (reply.channel, reply.address, reply.body) == ("beidou", "500201", kept["reply"])

    await up.text("1=-3 2=4", EAST_CARD, "t-2")
    assert "不能小于0" in (await up.look_at())["texts"][0]["reply"]
    await up.text("1=23 2=4 3=缺雨衣", EAST_CARD, "t-3")
    await up.text("1=23 2=4 3=缺雨衣", EAST_CARD, "t-3")  # a copy over another link
    await up.look_at()
    (answer,) = up.units[EAST_POST]["answers"]
    assert (answer["source"], answer["told_by"], answer["values"]) == (
        "radio",
        "山一北斗",
        {"1": 23.0, "2": 4.0, "3": ["雨衣"]},
    )
    await up.text("无情况", TRUCK, "t-4")
    await up.look_at()
    assert [(one["version"], one["nothing"]) for one in up.units[EAST_POST]["answers"]] == [
        (1, False),
        (2, True),
    ]
    types = await up.world.types()
    assert types.count("status_call.text_refused") == 2 and "status_call.corrected" in types


async def test_a_text_message_speaks_for_the_unit_of_its_sender(round_up: RoundUp) -> None:
    up, world = round_up, round_up.world
    await up.ask()
    other = up.id
    await up.ask(title="另一个")
    await world.run(
        "INSERT INTO device (id, stream, family, number, label, kind, region_code, talk_groups, note, active,"
        " facts, printed_number) VALUES (77, '990181', 'satphone', '8613866660001', '水局长', 'other',"
        " '990181000000', '{}', '', true, '{}', '')"
    )
    await up.text("1=2 2=3", 77, "s-1")
    reply = (await up.sent())[-1]
    assert (reply.channel, reply.address) == ("satellite_phone", "8613866660001")
    assert f"#{other}、#{up.id}" in reply.body, "two wait: it is asked which"
    await up.text(f"#{up.id} 1=2 2=3", 77, "s-2")
    await up.look_at()
    assert up.units[BUREAU]["answers"][0]["source"] == "sms"
    await up.text("桥断了", 77, "s-3")
    assert (await world.types())[-1] == "text.received", "what is no answer goes to the desk as ever"


async def test_each_unit_answers_for_itself_and_the_desk_only_writes_down(round_up: RoundUp) -> None:
    up = round_up
    await up.ask()
    body = {"values": {"1": 1, "2": 1}}
    await up.refused("west", f"{up.recipient(EAST_POST)}/answers", 404, "not_found", body)
    await up.refused("crew", f"{up.recipient(EAST_POST)}/answers", 404, "not_found", body)
    await up.refused("officer", f"{up.recipient(EAST_POST)}/answers", 403, "not_permitted", body)
    await up.refused("officer", f"{up.recipient(EAST_POST)}/read", 404, "not_found")
    unnamed = {**body, "source": "phone"}
    await up.refused("officer", f"{up.recipient(EAST_POST)}/answers", 422, "invalid_input", unnamed)
    for path in ("remind", "close", "clone", "repeat/stop", "summaries"):
        told = {"due_at": up.moment("12:00")} if path == "clone" else {}
        await up.refused("east", f"/api/status-calls/{up.id}/{path}", 403, "not_permitted", told)
    seen = await up.office.read("east", f"/api/status-calls/{up.id}")
    assert [row["unit_id"] for row in seen["units"]] == [EAST_POST] and seen["recipients"] == 1
    assert seen["texts"] == [] and seen["repeat"] is None
    assert (await up.office.get("crew", f"/api/status-calls/{up.id}")).status_code == 404
    await up.world.run("UPDATE person SET unit_id = :unit WHERE id = 1", unit=EAST_POST)
    await up.world.run("UPDATE account SET person_id = 1 WHERE username = 'crew'")
    (mine,) = await up.office.read("crew", "/api/status-calls/mine")
    assert mine["unit"]["unit_id"] == EAST_POST
    assert (await up.answer(EAST_POST, "crew", 1, 1))["answers"][0]["source"] == "app"


async def test_reminders_go_to_the_silent_alone_and_stop_with_the_answer(round_up: RoundUp) -> None:
    up = round_up
    await up.ask(recipients={"region_codes": [EAST, WEST]})
    await up.answer(EAST_POST, "east", 1, 1)
    told = await up.do("officer", f"/api/status-calls/{up.id}/remind", {})
    assert [row["unit_id"] for row in told] == [WEST_POST]
    ids = [up.units[EAST_POST]["id"]]
    again = f"/api/status-calls/{up.id}/remind"
    await up.refused("officer", again, 409, "nobody_silent", {"recipient_ids": ids})
    await up.answer(WEST_POST, "west", 1, 1)
    assert {row.state for row in await up.sent()} == {"cancelled"}
    await up.refused("officer", f"/api/status-calls/{up.id}/remind", 409, "nobody_silent")


async def test_the_head_is_whom_the_roster_names_at_that_instant(round_up: RoundUp) -> None:
    """Whoever leads after an exchange is called; a unit without a leader on duty climbs to the centre."""
    up, world = round_up, round_up.world
    await up.ask(recipients={"region_codes": [EAST], "unit_ids": [BUREAU]})
    await world.run(
        "UPDATE shift SET person_id = 6003, source = 'override' WHERE person_id = :id", id=leader(6)
    )
    up.at("11:01")
    assert await up.tick() == 2
    called = [event["called"] for event in await world.events() if event["type"] == "status_call.escalated"]
    assert [(one["name"], one["why_zh"]) for one in called] == [
        ("同事6", "6镇应急管理所值班室当班(替班或代行)"),
        ("领导1", "该单位无领导当班;1镇应急管理所值班室当班(按值班表)"),
    ]
    sent = (await up.sent())[-2:]
    assert [row.address for row in sent] == ["13900006003", "13900001001"]
    assert "6镇应急管理所未按时报送" in sent[0].body


@pytest.mark.parametrize("drill", [False, True])
async def test_a_series_of_a_drill_says_so_when_it_is_set_and_stopped(
    round_up: RoundUp, *, drill: bool
) -> None:
    up = round_up
    await up.ask(recipients={"region_codes": [EAST]}, drill=drill)
    await up.do("officer", f"/api/status-calls/{up.id}/repeat", {"every_hours": 4}, "PUT")
    await up.do("officer", f"/api/status-calls/{up.id}/repeat/stop", {})
    said = await up.world.rows(
        "SELECT CAST(body AS json) ->> 'drill' AS drill FROM journal WHERE type LIKE 'status_call.repeat%'"
    )
    assert [row["drill"] for row in said] == ["true" if drill else "false"] * 2


async def test_a_series_asks_again_until_somebody_says_stop(round_up: RoundUp) -> None:
    up, world = round_up, round_up.world
    await up.ask(recipients={"region_codes": [EAST]})
    path = f"/api/status-calls/{up.id}/repeat"
    told = await up.do("officer", path, {"every_hours": 4, "lead_minutes": 60}, "PUT")
    assert datetime.fromisoformat(told["next_due_at"]) == datetime.fromisoformat(up.moment("15:00"))
    answer = await up.office.ask("officer", "PUT", path, {"times": ["08:00"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "status_repeat")
    both = await up.office.ask("officer", "PUT", path, {"times": ["08:00"], "every_hours": 4})
    assert both.status_code == 422
    up.at("13:59")
    await up.tick()
    assert len(await up.office.read("officer", "/api/status-calls")) == 1
    up.at("14:00")
    assert await up.tick() == 1 and await up.tick() == 0
    newest = (await up.office.read("officer", "/api/status-calls"))[0]
    assert (newest["round"], newest["opened_by"], newest["due_at"]) == (
        2,
        "定时",
        told["next_due_at"],
    )
    world.later(hours=16, minutes=30)  # the house was down for three rounds
    await up.tick()
    rounds = await up.office.read("officer", "/api/status-calls")
    assert max(one["round"] for one in rounds) == 3, "what was missed is not asked in retrospect"
    await up.do("officer", f"{path}/stop")
    world.later(days=2)
    await up.tick()
    assert len(await up.office.read("officer", "/api/status-calls")) == 3
    await up.refused("officer", f"{path}/stop", 409, "status_repeat")


async def test_what_came_after_the_end_is_taken_as_late_and_a_cancelled_round_takes_nothing(
    round_up: RoundUp,
) -> None:
    up = round_up
    await up.ask(recipients={"region_codes": [EAST, WEST]})
    up.at("11:30")
    await up.do("officer", f"/api/status-calls/{up.id}/close")
    assert await up.tick() == 0, "nobody is called about a closed round"
    late = await up.answer(EAST_POST, "east", 5, 5)
    assert (late["standing"], late["late_minutes"]) == ("late", 30)
    await up.refused("officer", f"/api/status-calls/{up.id}/remind", 409, "status_call_over")
    later = (datetime.fromisoformat(up.moment("11:30")) + timedelta(days=1)).isoformat()
    await up.ask(recipients={"region_codes": [EAST]}, due_at=later)
    await up.do("officer", f"/api/status-calls/{up.id}/cancel", {"reason": "不需要了"})
    body = {"values": {"1": 1, "2": 1}}
    await up.refused("east", f"{up.recipient(EAST_POST)}/answers", 409, "status_call_over", body)


async def test_what_is_asked_wrongly_is_refused_with_what_to_do(round_up: RoundUp) -> None:
    up = round_up
    fine = {
        "title": "x",
        "questions": [{"kind": "yes_no", "text": "有电"}],
        "recipients": {"region_codes": [EAST]},
        "due_at": up.moment("11:00"),
    }
    path = "/api/status-calls"
    wrongs: tuple[dict[str, Any], ...] = (
        {"due_at": up.moment("08:00")},
        {"recipients": {}},
        {"recipients": {"region_codes": ["990181100201"]}},
        {"questions": [{"kind": "choice", "text": "路", "choices": ["通"]}]},
        {"questions": [{"kind": "number", "text": "人", "minimum": 2, "maximum": 1}]},
        {"questions": []},
    )
    for wrong in wrongs:
        await up.refused("officer", path, 422, "invalid_input", {**fine, **wrong})
    await up.refused("officer", path, 404, "not_found", {**fine, "recipients": {"unit_ids": [9999]}})
    await up.refused("officer", path, 404, "not_found", {**fine, "incident_id": 9999})
    await up.refused("east", path, 403, "not_permitted", fine)
    group = "INSERT INTO recipient_group VALUES (5, '990181', '防汛组', '', :place)"
    await up.world.run(group, place="990181000000")
    await up.world.run("INSERT INTO group_member (group_id, ordinal, unit_id) VALUES (5, 1, 90)")
    asked = await up.do("officer", path, {**fine, "recipients": {"group_ids": [5]}})
    assert asked["recipients"] == 1
