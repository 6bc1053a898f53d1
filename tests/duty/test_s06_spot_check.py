"""Scenario S06: a county leader spot-checks township duty posts at night (domain/scenarios.md)."""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from app.duty.spot_check.rules.draw import draw
from app.duty.spot_check.settings import SHIPPED
from tests.duty.spot_county import (
    DRAWN,
    EAST_POST,
    KNOWS,
    SEED,
    WEST_POST,
    Round,
    officer,
)
from tests.world import ZONE

pytestmark = pytest.mark.database


async def at(night: Round, clock: str) -> None:
    """Let the clock of the county show `22:41` of this evening."""
    now = night.world.clock.now().astimezone(ZONE)
    wanted = time.fromisoformat(clock)
    night.world.clock.advance(now.replace(hour=wanted.hour, minute=wanted.minute, second=0) - now)


async def test_the_leader_has_eight_of_23_posts_checked_and_three_fail(spot_round: Round) -> None:
    night, world, office = spot_round, spot_round.world, spot_round.office

    # 1. 22:10: 8 of 23, seeded and reproducible, 3 by video and 5 by telephone.
    begun = await night.begin()
    assert (begun["pool_size"], begun["drawn"], begun["seed"]) == (23, 8, SEED)
    detail = await office.read("officer", f"/api/spot-checks/{night.id}")
    found = {row["post_id"]: row for row in detail["findings"]}
    assert list(found) == DRAWN == list(draw(detail["pool"], 8, detail["seed"]))
    assert [row["method"] for row in found.values()] == ["video"] * 3 + ["phone"] * 5
    assert [one["name"] for one in found[4]["roster"]] == ["领导4", "值班4"]

    # 2. The first post answers at the second ring, is on the roster and knows all three things.
    first = await night.check(4)
    assert (first["state"], first["relation"], first["failures"]) == ("passed", "on_roster", [])

    # 3. The second does not answer; the server says when it is called again; it does not answer then.
    await at(night, "22:14")
    await night.call(EAST_POST)
    silent = await night.note(EAST_POST, answered=False)
    assert silent["state"] == "retry"
    assert datetime.fromisoformat(silent["retry_due_at"]) - world.clock.now() == timedelta(minutes=5)
    early = await night.refused("officer", f"{await night.of(EAST_POST)}/call", 409, "retry_not_due")
    assert "22:19:00" in early["zh"]
    await at(night, "22:19")
    await night.call(EAST_POST)
    assert (await night.note(EAST_POST, answered=False))["failures"] == ["no_answer"]
    away = {"reached": True, "seconds": 40, "on_site": False, "note": "距单位20公里"}
    led = await night.do("officer", f"{await night.of(EAST_POST)}/leader", away)
    assert led["failures"] == ["no_answer", "leader_not_on_site"]

    # 4. At the third a driver answers.
    driver = await night.check(WEST_POST, person_id=None, name="司机老李")
    assert (driver["relation"], driver["failures"]) == ("substitute", ["substitute"])

    # 5. A video connects in 4:10, the last line of the log is of 13:05.
    slow = await night.check(8, seconds=250, log_last_entry_at="2025-06-18T13:05:00+08:00")
    assert slow["failures"] == ["video_slow", "log_incomplete"]

    # 6. 22:55: 5 pass, 3 fail; every failure is to be put right in 24 hours.
    for post in (5, 19, 7, 18):
        assert (await night.check(post))["state"] == "passed"
    await at(night, "22:55")
    ended = await night.finish()
    assert (ended["passed"], ended["failed"], ended["waiting"]) == (5, 3, 0)
    items = await office.read("officer", f"/api/spot-checks/rectifications?spot_check_id={night.id}")
    assert sorted((item["post_id"], item["failure"]) for item in items) == [
        (EAST_POST, "leader_not_on_site"),
        (EAST_POST, "no_answer"),
        (8, "log_incomplete"),
        (8, "video_slow"),
        (WEST_POST, "substitute"),
    ]
    assert {datetime.fromisoformat(item["due_at"]) for item in items} == {
        world.clock.now() + timedelta(hours=24)
    }

    # 7. 23:05: the circular is drafted with counts and named cases, signed, issued to 23 units, acknowledged.
    await at(night, "23:05")
    path = f"/api/spot-checks/{night.id}/circular"
    draft = await night.do("officer", path)
    assert "从23个值班岗位中随机抽取8个" in draft["body"] and "合格5个，不合格3个" in draft["body"]
    assert "6镇应急管理所：22:14、22:19电话抽查，两次呼叫均无人应答" in draft["body"]
    assert "由司机老李应答，由非值班人员顶岗" in draft["body"]
    edited = await night.do(
        "officer", path, {"version": 1, "title": draft["title"], "body": draft["body"] + "\n附件:略"}, "PUT"
    )
    await night.refused("officer", f"{path}/sign", 403, "not_permitted", {"version": 2})
    signed = await night.do("leader", f"{path}/sign", {"version": edited["version"]})
    assert (signed["state"], signed["signed_by"]) == ("signed", "带班领导")
    issued = await night.do("officer", f"{path}/issue")
    assert (issued["units"], issued["received"]) == (23, 0)
    (receipt,) = await night.do("east", f"{path}/receipts")
    assert (receipt["post_id"], receipt["received_by"]) == (EAST_POST, "东镇值班员")
    assert datetime.fromisoformat(receipt["received_at"]) == world.clock.now()
    (own,) = await night.do("officer", f"{path}/receipts")
    assert own["region_code"] == "990181000000", "the centre acknowledges for its own desk alone"
    told = await office.read("officer", path)
    assert (told["received"], len(told["receipts"])) == (2, 23)
    assert "附件:略" in (await office.get("west", f"{path}.html")).text
    filed = (await office.post("officer", "/api/documents", {"kind": "circular", "id": night.id})).json()
    paper = await office.get("officer", f"/api/documents/{filed['id']}/file.pdf")
    pages = pypdfium2.PdfDocument(paper.content)
    printed = "".join(page.get_textpage().get_text_bounded() for page in pages).replace("\r\n", "")
    assert "班值守抽查情况通报" in printed and "附件" in printed
    if folder := os.environ.get("ZHISHOU_SHOTS"):
        pages[0].render(scale=1.2).to_pil().save(Path(folder) / "circular.png")

    # 8. The month's marks of the three drop; an appeal with evidence, history kept.
    scores = {row["post_id"]: row for row in await office.read("officer", "/api/spot-checks/scores/2025-06")}
    assert {post: scores[post]["score"] for post in DRAWN} == {
        **dict.fromkeys(DRAWN, 100),
        EAST_POST: 60,
        WEST_POST: 85,
        8: 90,
    }
    assert [scores[post]["place"] for post in (4, 8, WEST_POST, EAST_POST)] == [1, 6, 7, 8]
    assert (scores[9]["score"], scores[9]["place"], scores[9]["lacks_checks"]) == (None, None, 2)
    appeals = f"{await night.of(WEST_POST)}/appeals"
    words = {"failure": "substitute", "evidence": "老李已报备为临时值班员,见附表"}
    refused = await night.do("west", appeals, words)
    await night.do(
        "leader", f"/api/spot-checks/appeals/{refused['id']}/decision", {"upheld": False, "remark": "未报备"}
    )
    again = await night.do("west", appeals, {**words, "evidence": "补充报备单"})
    await night.refused("west", appeals, 409, "appeal_stands", words)
    await night.do("leader", f"/api/spot-checks/appeals/{again['id']}/decision", {"upheld": True})
    history = await office.read("west", "/api/spot-checks/appeals")
    assert [(one["state"], one["remark"]) for one in history] == [("upheld", ""), ("refused", "未报备")]
    (mine,) = await office.read("west", "/api/spot-checks/scores/2025-06")
    assert (mine["score"], mine["failed"], mine["deductions"][0]["upheld"]) == (100, 0, True)
    (item,) = await office.read("west", "/api/spot-checks/rectifications")
    assert item["state"] == "cancelled", "what was no failure need not be put right"


async def test_a_failure_is_put_right_by_the_post_and_confirmed_by_the_centre(spot_round: Round) -> None:
    night, office = spot_round, spot_round.office
    await night.begin(shares=[{"method": "phone", "count": 23}], response_level=None)
    await night.check(EAST_POST, rings=5)
    await night.finish()
    (item,) = await office.read("east", "/api/spot-checks/rectifications")
    assert (item["failure"], item["state"]) == ("slow_answer", "open")
    night.world.later(hours=24, seconds=1)
    (item,) = await office.read("east", "/api/spot-checks/rectifications")
    assert item["state"] == "overdue"
    path = f"/api/spot-checks/rectifications/{item['id']}"
    await night.refused("officer", f"{path}/confirm", 409, "rectification_closed", {"done": True})
    await night.refused("west", f"{path}/report", 404, "not_found", {"evidence": "不是我的"})
    await night.refused("officer", f"{path}/report", 404, "not_found", {"evidence": "代为填写"})
    for evidence, done in (("已提醒", False), ("已换座机并组织学习,见照片", True)):
        reported = await night.do("east", f"{path}/report", {"evidence": evidence})
        assert (reported["state"], reported["evidence"]) == ("reported", evidence)
        await night.refused("east", f"{path}/confirm", 403, "not_permitted", {"done": True})
        told = await night.do("officer", f"{path}/confirm", {"done": done, "remark": "看照片"})
        assert told["state"] == ("done" if done else "overdue")
    await night.refused("east", f"{path}/report", 409, "rectification_closed", {"evidence": "再报"})


async def test_posts_that_lack_their_quota_are_drawn_first(spot_round: Round) -> None:
    night, office = spot_round, spot_round.office
    shares = [{"method": "phone", "count": 8}]
    await night.begin(shares=shares)
    for post in DRAWN:
        await night.check(post)
    await night.finish()
    again = await night.begin(shares=[{"method": "phone", "count": 15}], weighting="quota")
    assert again["weighting"] == "quota"
    assert not set(await night.findings()) & set(DRAWN), "first those who were not checked at all"
    plain = await night.begin(shares=shares, weighting="plain")
    assert list(await night.findings()) == DRAWN and plain["seed"] == SEED
    rows = await office.read("officer", "/api/spot-checks/scores/2025-06")
    lacks = {row["post_id"]: (row["checks"], row["lacks_checks"], row["lacks_night"]) for row in rows}
    assert lacks[4] == (1, 1, 1) and lacks[9] == (0, 2, 1)


async def test_at_night_whoever_lacks_the_night_check_comes_first(spot_round: Round) -> None:
    night, office = spot_round, spot_round.office
    await at(night, "23:59")
    night.world.later(hours=2)  # 01:59, the night check counts
    one = [{"method": "phone", "count": 1}]
    await night.begin(shares=one, region_codes=["990181100000"])
    await night.check(EAST_POST)
    await night.finish()
    (mine,) = await office.read("east", "/api/spot-checks/scores/2025-06")
    assert (mine["night_checks"], mine["lacks_night"], mine["lacks_checks"]) == (1, 0, 1)
    both = ["990181100000", "990181200000"]
    await night.begin(shares=one, region_codes=both, weighting="quota")
    assert list(await night.findings()) == [WEST_POST]


async def test_the_app_prompts_those_on_duty_and_the_server_counts_the_seconds(spot_round: Round) -> None:
    night, office, world = spot_round, spot_round.office, spot_round.world
    await world.run("UPDATE account SET person_id = :id WHERE username = 'east'", id=officer(EAST_POST))
    await night.begin(shares=[{"method": "app", "count": 23}])
    assert await office.read("east", "/api/spot-checks/prompts") == []
    await night.call(EAST_POST)
    (prompt,) = await office.read("east", "/api/spot-checks/prompts")
    assert await office.read("west", "/api/spot-checks/prompts") == []
    tap = f"/api/spot-checks/findings/{prompt['finding_id']}/tap"
    await night.refused("west", tap, 404, "not_found")
    world.later(seconds=17)
    told = await night.do("east", tap)
    assert (told["state"], told["relation"], told["attempts"][0]["seconds"]) == ("passed", "on_roster", 17)
    await night.refused("east", tap, 409, "spot_check_out_of_turn")
    assert await office.read("east", "/api/spot-checks/prompts") == []

    await night.call(WEST_POST)
    world.later(seconds=61)
    late = await night.do("west", f"{(await night.of(WEST_POST))}/tap")
    assert late["failures"] == ["slow_answer", "substitute"], "an account that is nobody of the unit"


async def test_whoever_is_on_duty_is_asked_wherever_his_account_belongs(spot_round: Round) -> None:
    night, world = spot_round, spot_round.world
    await world.run("UPDATE account SET person_id = :id WHERE username = 'crew'", id=officer(WEST_POST))
    await night.begin(shares=[{"method": "app", "count": 23}])
    await night.call(WEST_POST)
    (prompt,) = await night.office.read("crew", "/api/spot-checks/prompts")
    told = await night.do("crew", f"/api/spot-checks/findings/{prompt['finding_id']}/tap")
    assert told["relation"] == "on_roster"


async def test_what_was_noted_is_corrected_while_the_check_is_open(spot_round: Round) -> None:
    night = spot_round
    await night.begin()
    assert (await night.check(4, weather=False))["failures"] == ["cannot_state_situation"]
    told = await night.note(4, answered=True, rings=2, person_id=officer(4), **KNOWS)
    assert (told["state"], told["failures"], len(told["attempts"])) == ("passed", [], 1)
    back = await night.note(4, answered=False)
    assert (back["state"], back["answered_by"], back["judged_at"]) == ("retry", "", None)


async def test_a_county_sets_its_own_deductions(spot_round: Round, tmp_path: Path) -> None:
    own = tmp_path / "scoring.yaml"
    told = SHIPPED.read_text(encoding="utf-8").replace("slow_answer: 5", "slow_answer: 40")
    own.write_text(told.replace("rings: 3", "rings: 2"), encoding="utf-8")
    spot_round.office.house.settings.spot_check_scoring = own
    await spot_round.begin()
    assert (await spot_round.check(EAST_POST, rings=3))["failures"] == ["slow_answer"]
    await spot_round.finish()
    (mine,) = await spot_round.office.read("east", "/api/spot-checks/scores/2025-06")
    assert mine["score"] == 60
