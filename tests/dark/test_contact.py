"""Who is out of contact: amber after two minutes, red after five, and never because of ourselves."""

from __future__ import annotations

import pytest

from tests.api.desk import problem
from tests.dark.county import HEAD, NAMES, Dark

pytestmark = pytest.mark.database


async def test_a_township_without_heartbeat_is_amber_after_two_minutes_and_lost_after_five(
    dark: Dark,
) -> None:
    others = NAMES[1:]
    await dark.pass_by(119, others)
    assert (await dark.board())["洲头乡"]["state"] == "ok"
    await dark.pass_by(1, others)
    assert (await dark.board())["洲头乡"]["state"] == "amber"
    await dark.pass_by(179, others)
    assert (await dark.board())["洲头乡"]["state"] == "amber"
    await dark.pass_by(1, others)
    unit = (await dark.board())["洲头乡"]
    assert unit["state"] == "lost"
    assert unit["heartbeat_at"] == "2025-07-02T12:30:00Z"
    assert unit["task"]["owner"] == ""
    assert [one["means"] for one in unit["task"]["attempts"]] == ["app"]
    assert unit["task"]["next_means"] == "sms"
    assert (await dark.world.types())[-1] == "contact.lost"


async def test_the_situation_known_last_is_frozen_with_its_time(dark: Dark) -> None:
    await dark.world.incident(region_code=HEAD, title="洲头滑坡", lon=None, lat=None)
    secret = await dark.world.incident(region_code=HEAD, event_code="14A00", title="限知", lon=None, lat=None)
    await dark.fall_silent("洲头乡")
    await dark.world.incident(region_code=HEAD, title="后来的事", lon=None, lat=None)
    frozen = (await dark.board())["洲头乡"]["frozen"]
    assert frozen["at"] == "2025-07-02T12:30:00Z"
    assert [one.split(" ", 1)[1] for one in frozen["incidents"]] == ["洲头滑坡"]
    assert secret.number not in str(frozen)


async def test_who_answers_by_one_means_is_limited_to_it_and_heard_again_closes_the_task(dark: Dark) -> None:
    await dark.fall_silent("洋田乡")
    task = (await dark.board())["洋田乡"]["task"]["id"]
    for means in ("sms", "voice", "duty_line"):
        await dark.post(f"/api/contact/tasks/{task}/attempts", {"means": means, "result": "no_answer"})
    told = {"means": "radio_370", "result": "reached", "words": "平安", "voucher": "林书记"}
    tried = await dark.post(f"/api/contact/tasks/{task}/attempts", told)
    assert [one["means"] for one in tried["attempts"]] == ["app", "sms", "voice", "duty_line", "radio_370"]
    unit = (await dark.board())["洋田乡"]
    assert unit["state"] == "limited"
    works = {one["means"] for one in unit["means"] if one["works"]}
    assert works == {"radio_370"}
    await dark.pass_by(60)
    unit = (await dark.board())["洋田乡"]
    assert unit["state"] == "ok" and unit["task"] is None
    assert (await dark.world.types())[-1] == "contact.restored"
    (closed,) = [one for one in await dark.desk.read("officer", "/api/contact/tasks") if one["closed_at"]]
    assert closed["closed_how"] == "恢复联络"


async def test_a_restart_neither_forgets_who_is_lost_nor_declares_those_it_could_not_hear(dark: Dark) -> None:
    await dark.fall_silent("洲头乡")
    dark.world.later(minutes=30)  # the house was down: nobody listened
    before = len(await dark.world.types())
    await dark.look()
    board = await dark.board()
    assert board["洲头乡"]["state"] == "lost"
    assert [unit for unit in board.values() if unit["state"] == "lost"] == [board["洲头乡"]]
    assert len(await dark.world.types()) == before
    await dark.pass_by(360, [name for name in NAMES if name not in ("洲头乡", "洲尾乡")])
    assert {name for name, unit in (await dark.board()).items() if unit["state"] == "lost"} == {
        "洲头乡",
        "洲尾乡",
    }


async def test_when_all_fall_silent_at_once_it_is_our_network_and_nobody_is_declared_lost(dark: Dark) -> None:
    await dark.pass_by(20 * 60, ())
    types = await dark.world.types()
    assert types.count("network.suspected") == 1
    assert "contact.lost" not in types
    network = (await dark.desk.read("officer", "/api/network"))["network"]
    assert network["state"] == "suspected"
    await dark.pass_by(60)
    assert (await dark.desk.read("officer", "/api/network"))["network"]["state"] == "online"
    assert "contact.lost" not in await dark.world.types()


async def test_a_person_may_say_that_the_silence_is_the_units_own(dark: Dark) -> None:
    await dark.pass_by(6 * 60, ())
    await dark.post("/api/network", {"state": "units_silent"}, status=200)
    await dark.look()
    assert (await dark.world.types()).count("contact.lost") == len(NAMES)


async def test_while_our_network_is_away_no_time_runs_against_anybody(dark: Dark) -> None:
    await dark.fall_silent("洲头乡")
    await dark.post("/api/network", {"state": "offline"}, status=200)
    await dark.pass_by(60 * 60, ())
    assert (await dark.world.types()).count("contact.lost") == 1
    await dark.post("/api/network", {"state": "online"}, status=200)
    await dark.pass_by(200, NAMES[2:])
    assert (await dark.world.types()).count("contact.lost") == 1
    await dark.pass_by(200, NAMES[2:])
    assert (await dark.world.types()).count("contact.lost") == 2


async def test_a_task_is_taken_and_closed_by_ones_own_word_once(dark: Dark) -> None:
    await dark.fall_silent("洲头乡")
    task = (await dark.board())["洲头乡"]["task"]["id"]
    assert (await dark.post(f"/api/contact/tasks/{task}/owner", status=200))["owner"] == "值班员甲"
    await dark.post(f"/api/contact/tasks/{task}/close", {"reason": "人已到中心"}, status=200)
    again = await dark.desk.post("officer", f"/api/contact/tasks/{task}/close", {"reason": "再关"})
    problem(again, 409, "contact_task_closed")


async def test_a_township_sees_its_own_contact_and_nobody_elses(dark: Dark) -> None:
    await dark.fall_silent("洲头乡")
    assert await dark.board("east") == {}
    task = (await dark.board())["洲头乡"]["task"]["id"]
    told = {"means": "sms", "result": "failed"}
    problem(await dark.desk.post("east", f"/api/contact/tasks/{task}/attempts", told), 404, "not_found")
    problem(await dark.desk.post("crew", f"/api/contact/tasks/{task}/owner"), 403, "not_permitted")


async def test_an_attempt_in_the_future_or_by_no_means_is_refused_in_two_languages(dark: Dark) -> None:
    await dark.fall_silent("洋田乡")
    task = (await dark.board())["洋田乡"]["task"]["id"]
    path = f"/api/contact/tasks/{task}/attempts"
    wrong = await dark.desk.post("officer", path, {"means": "pigeon", "result": "failed"})
    assert "梯级" in problem(wrong, 422, "invalid_input")["zh"]
    ahead = {"means": "sms", "result": "failed", "happened_at": "2025-07-02T15:00:00Z"}
    assert "晚于现在" in problem(await dark.desk.post("officer", path, ahead), 422, "invalid_input")["zh"]
