"""Who may check whom, who sees what of it, and what is refused with two sentences."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.duty.spot_county import DRAWN, EAST_POST, KNOWS, WEST_POST, Round, off_duty, officer

pytestmark = pytest.mark.database
CHECKS = "/api/spot-checks"
ONE = {"title": "抽查", "shares": [{"method": "phone", "count": 1}]}


async def over(night: Round) -> str:
    """A finished check in which the east failed; returns the path of its circular."""
    await night.begin()
    await night.check(EAST_POST, rings=9)
    await night.finish()
    return f"{CHECKS}/{night.id}/circular"


@pytest.mark.parametrize("who", ["east", "crew", "auditor", "admin"])
async def test_only_the_centre_runs_checks(spot_round: Round, who: str) -> None:
    await spot_round.refused(who, CHECKS, 403, "not_permitted", ONE)
    await spot_round.begin()
    path = await spot_round.of(4)
    await spot_round.refused(who, f"{path}/call", 403, "not_permitted")
    await spot_round.refused(who, f"{CHECKS}/{spot_round.id}/finish", 403, "not_permitted")
    await spot_round.refused(who, f"{CHECKS}/{spot_round.id}/circular", 403, "not_permitted")
    assert (await spot_round.office.get(who, f"{path}/people")).status_code == 403


async def test_a_township_learns_of_a_check_when_it_is_called_and_of_the_others_never(
    spot_round: Round,
) -> None:
    night, office = spot_round, spot_round.office
    await night.begin()
    before = await night.world.head()
    assert await office.read("east", CHECKS) == []
    assert (await office.get("east", f"{CHECKS}/{night.id}")).status_code == 404
    await night.call(EAST_POST)
    seen = await office.read("east", f"{CHECKS}/{night.id}")
    assert [row["post_id"] for row in seen["findings"]] == [EAST_POST]
    assert (seen["seed"], seen["pool"], seen["drawn"]) == ("", [], 1), (
        "with the seed it could compute the rest"
    )
    assert await office.read("west", CHECKS) == []
    await night.note(EAST_POST, answered=True, rings=1, person_id=officer(EAST_POST), **KNOWS)
    await night.finish()
    assert (await office.read("east", f"{CHECKS}/{night.id}"))["seed"] != ""
    assert await office.read("west", CHECKS) == [], "drawn but not called: nothing to tell"
    concerned = await night.world.rows("SELECT type, region_codes FROM journal WHERE seq > :n", n=before)
    assert {row["type"] for row in concerned if "990181200000" in row["region_codes"]} == set()


async def test_the_events_of_a_draw_are_for_the_centre_alone(spot_round: Round) -> None:
    await spot_round.begin()
    await spot_round.do("officer", f"{await spot_round.of(EAST_POST)}/method", {"method": "radio"}, "PUT")
    rows = await spot_round.world.rows("SELECT type, region_codes FROM journal ORDER BY seq")
    assert [row["type"] for row in rows] == ["spot_check.opened", "spot_check.method_changed"]
    assert all(row["region_codes"] == ["990181000000"] for row in rows)


async def test_a_circular_is_read_by_a_township_once_it_was_issued_to_it(spot_round: Round) -> None:
    night, office = spot_round, spot_round.office
    path = await over(night)
    await night.do("officer", path)
    assert (await office.get("east", path)).status_code == 404
    await night.refused("east", f"{path}/receipts", 404, "not_found")
    await night.do("leader", f"{path}/sign", {"version": 1})
    assert (await office.get("east", path)).status_code == 404
    await night.do("officer", f"{path}/issue")
    read = await office.read("east", path)
    assert [one["post_id"] for one in read["receipts"]] == [EAST_POST]
    assert (await office.read("west", CHECKS))[0]["circular"] == "issued"
    (first,) = await night.do("east", f"{path}/receipts")
    night.world.later(hours=1)
    assert await night.do("east", f"{path}/receipts") == [first], "twice changes nothing"
    await night.refused("auditor", f"{path}/receipts", 403, "not_permitted")
    assert (await office.get("crew", path)).status_code == 403


async def test_a_signature_is_a_leaders_at_the_centre_and_fixes_the_words(spot_round: Round) -> None:
    night, office, world = spot_round, spot_round.office, spot_round.world
    path = await over(night)
    await night.refused("leader", f"{path}/sign", 404, "not_found", {"version": 1})
    told = await night.do("officer", path)
    text = {"version": 1, "title": "通报", "body": "改"}
    await world.run("UPDATE account SET role = 'township_leader' WHERE username = 'west'")
    await night.refused("west", f"{path}/sign", 403, "not_permitted", {"version": 1})
    await night.refused("officer", f"{path}/issue", 409, "circular_not_ready")
    await night.do("officer", path, text, "PUT")
    assert (await office.ask("officer", "PUT", path, text)).json()["code"] == "stale_circular"
    await night.refused("leader", f"{path}/sign", 409, "stale_circular", {"version": 1})
    again = await night.do("officer", path)
    assert (again["version"], again["body"]) == (3, told["body"]), "drafted anew from the results"
    await night.do("leader", f"{path}/sign", {"version": 3})
    assert (await office.ask("officer", "PUT", path, {**text, "version": 3})).json()[
        "code"
    ] == "circular_fixed"
    await night.refused("officer", path, 409, "circular_fixed")
    await night.refused("leader", f"{path}/sign", 409, "circular_fixed", {"version": 3})
    await night.do("officer", f"{path}/issue")
    await night.refused("officer", f"{path}/issue", 409, "circular_not_ready")


async def test_the_page_to_print_is_escaped(spot_round: Round) -> None:
    path = await over(spot_round)
    await spot_round.do("officer", path)
    told = {"version": 1, "title": "<b>通报", "body": "<script>alert(1)</script>"}
    await spot_round.do("officer", path, told, "PUT")
    page = (await spot_round.office.get("officer", f"{path}.html")).text
    assert "&lt;script&gt;" in page and "<script" not in page and "草稿" in page


async def test_an_appeal_is_a_posts_own_against_what_was_found_once_it_is_over(spot_round: Round) -> None:
    night = spot_round
    await night.begin()
    words = {"failure": "slow_answer", "evidence": "来电显示记录"}
    path = f"{await night.of(EAST_POST)}/appeals"
    await night.refused("east", path, 404, "not_found", words)
    await night.check(EAST_POST, rings=9)
    await night.refused("east", path, 409, "spot_check_out_of_turn", words)
    await night.finish()
    await night.refused("west", path, 404, "not_found", words)
    await night.refused("officer", path, 404, "not_found", words)
    await night.refused("auditor", path, 403, "not_permitted", words)
    await night.refused("east", path, 422, "invalid_input", {**words, "failure": "absent"})
    await night.refused("east", path, 422, "invalid_input", {**words, "evidence": " "})
    asked = await night.do("east", path, words)
    decision = f"{CHECKS}/appeals/{asked['id']}/decision"
    for who in ("officer", "east"):
        await night.refused(who, decision, 403, "not_permitted", {"upheld": True})
    assert await night.office.read("west", f"{CHECKS}/appeals") == []
    await night.do("leader", decision, {"upheld": False})
    await night.refused("leader", decision, 409, "appeal_decided", {"upheld": True})
    await night.refused("leader", f"{CHECKS}/appeals/99/decision", 404, "not_found", {"upheld": True})


@pytest.mark.parametrize(
    ("told", "field", "zh"),
    [
        ({"shares": [{"method": "phone", "count": 24}]}, "shares", "只有 23 个值班岗位"),
        ({"kinds": ["park"]}, "shares", "只有 0 个"),
        (
            {"region_codes": ["990181100000"], "shares": [{"method": "app", "count": 2}]},
            "shares",
            "只有 1 个",
        ),
        ({"shares": []}, "shares", ""),
        ({"shares": [{"method": "site", "count": 1}]}, "shares.0.method", "之一"),
        ({"title": ""}, "title", "不能为空"),
        ({"response_level": 5}, "response_level", "不能大于 4"),
        ({"ends_at": "2025-06-18T20:00:00+08:00"}, "ends_at", "须晚于开始时间"),
        (
            {"starts_at": "2025-06-19T20:00:00+08:00", "ends_at": "2025-06-19T20:00:00+08:00"},
            "body",
            "须晚于",
        ),
    ],
)
async def test_a_draw_that_cannot_be_is_refused_by_field(
    spot_round: Round, told: dict[str, Any], field: str, zh: str
) -> None:
    document = await spot_round.refused("officer", CHECKS, 422, "invalid_input", {**ONE, **told})
    fault = document["fields"][0]
    assert (fault["name"], zh in fault["zh"], bool(fault["en"])) == (field, True, True)


async def test_without_a_seed_the_house_makes_one_and_shows_it(spot_round: Round) -> None:
    first = await spot_round.begin(seed=None)
    drawn = list(await spot_round.findings())
    second = await spot_round.begin(seed=None)
    assert first["seed"] and first["seed"] != second["seed"]
    await spot_round.begin(seed=first["seed"])
    assert list(await spot_round.findings()) == drawn
    listed = await spot_round.office.read("auditor", CHECKS)
    assert [row["id"] for row in listed] == [3, 2, 1]


@pytest.mark.parametrize(
    ("told", "zh"),
    [
        ({"answered": True, "rings": 2}, "由谁应答"),
        ({"answered": True, "person_id": 4002}, "响铃几声"),
        ({"answered": True, "rings": 2, "person_id": 1}, "请写出姓名"),
        ({"method": "video", "answered": False}, "抽查方式不符"),
        ({"method": "letter", "answered": False}, ""),
    ],
)
async def test_a_result_tells_who_answered_after_how_many_rings(
    spot_round: Round, told: dict[str, Any], zh: str
) -> None:
    await spot_round.begin()
    await spot_round.call(4)
    path = f"{await spot_round.of(4)}/result"
    document = await spot_round.refused("officer", path, 422, "invalid_input", {"method": "phone", **told})
    assert zh in document["zh"]


async def test_each_step_has_its_turn(spot_round: Round) -> None:
    night = spot_round
    await night.begin(starts_at="2025-06-18T22:30:00+08:00")
    path = await night.of(4)
    early = await night.refused("officer", f"{path}/call", 409, "spot_check_not_begun")
    assert "06-18 22:30" in early["zh"]
    night.world.later(minutes=20)
    await night.refused("officer", f"{path}/result", 409, "spot_check_out_of_turn", SILENT)
    await night.refused("officer", f"{path}/leader", 409, "spot_check_out_of_turn", {"reached": True})
    await night.call(4)
    await night.refused("officer", f"{path}/call", 409, "spot_check_out_of_turn")
    changed = await night.office.ask("officer", "PUT", f"{path}/method", {"method": "video"})
    assert changed.json()["code"] == "spot_check_out_of_turn"
    unfinished = await night.refused("officer", f"{CHECKS}/{night.id}/finish", 409, "spot_check_unfinished")
    assert "4镇应急管理所值班室" in unfinished["zh"]
    await night.refused("officer", f"{CHECKS}/{night.id}/circular", 409, "circular_not_ready")
    await night.note(4, answered=True, rings=1, person_id=officer(4))
    assert (await night.finish())["state"] == "finished"
    for step, told in (("call", {}), ("result", SILENT), ("leader", {"reached": True})):
        await night.refused("officer", f"{path}/{step}", 409, "spot_check_over", told)
    for unknown in ("/findings/99/call", "/99/finish", "/99/cancel", "/99/circular", "/99/circular/receipts"):
        await night.refused("officer", CHECKS + unknown, 404, "not_found")
    assert (await night.office.get("officer", f"{CHECKS}/findings/99/people")).status_code == 404
    assert (await night.office.get("officer", f"{CHECKS}/scores/2025-13")).status_code == 422


SILENT = {"method": "phone", "answered": False}


async def test_what_was_called_off_counts_for_nothing(spot_round: Round) -> None:
    night = spot_round
    await night.begin()
    await night.check(EAST_POST, rings=9)
    await night.call(WEST_POST)
    told = await night.do("officer", f"{CHECKS}/{night.id}/cancel")
    assert (told["state"], told["waiting"]) == ("cancelled", 0)
    assert await night.office.read("officer", f"{CHECKS}/rectifications") == []
    scores = await night.office.read("officer", f"{CHECKS}/scores/2025-06")
    assert [row["checks"] for row in scores] == [0] * 23
    await night.refused("officer", f"{CHECKS}/{night.id}/cancel", 409, "spot_check_over")


async def test_who_answers_is_picked_from_the_unit(spot_round: Round) -> None:
    night = spot_round
    await night.begin()
    people = await night.office.read("officer", f"{await night.of(4)}/people")
    assert [one["name"] for one in people] == ["领导4", "值班4", "同事4"]
    told = await night.check(4, person_id=off_duty(4))
    assert (told["answered_by"], told["failures"]) == ("同事4", ["not_on_roster"])
    seen = await night.check(DRAWN[0], person_id=None, at_desk=False)
    assert (seen["relation"], seen["failures"]) == (None, ["absent"])


async def test_two_who_call_the_same_post_at_once_call_it_once(spot_round: Round) -> None:
    await spot_round.begin()
    path = f"{await spot_round.of(4)}/call"
    answers = await asyncio.gather(*(spot_round.office.post(who, path) for who in ("officer", "second")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_what_a_check_found_becomes_one_task_of_the_loop(spot_round: Round) -> None:
    night, office = spot_round, spot_round.office
    await over(night)
    (found,) = [one for one in (await night.findings()).values() if one["state"] == "failed"]
    path = f"{CHECKS}/findings/{found['id']}/task"
    made = [await office.post(who, path, {"words": "重做接听培训"}) for who in ("officer", "east")]
    assert [one.status_code for one in made] == [201, 201], made[0].text
    assert made[0].json()["id"] == made[1].json()["id"], "pressed twice it is one task"
    (task,) = await office.read("east", f"{CHECKS}/{night.id}/tasks")
    assert (task["kind"], task["source_kind"], task["source_id"]) == (
        "improvement",
        "spot_finding",
        found["id"],
    )
    assert await office.read("west", f"{CHECKS}/{night.id}/tasks") == []
    await night.refused("west", path, 404, "not_found", {})
    passed = [one for one in (await night.findings()).values() if one["state"] != "failed"]
    await night.refused("officer", f"{CHECKS}/findings/{passed[0]['id']}/task", 404, "not_found", {})
