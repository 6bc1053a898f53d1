"""Scenario S01: a night call for help from a flooded village (domain/scenarios.md)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.scenarios.conftest import Begun
from tests.scenarios.night import Night

pytestmark = pytest.mark.database
EAST_BANK = "990181100204"
TOWN_TEAM, FIRE_BRIGADE = "临溪镇综合应急救援队", "市消防救援大队"


async def test_three_on_a_roof_at_02_13_are_out_at_03_20(begun: Begun) -> None:
    night = await begun("2025-06-18", "02:13:20")

    # 1–2. Answered at 02:13:20, saved at 02:14:40; whom to call and whom to send stands there at once.
    await night.at("02:14:40")
    incident = await night.do(
        "chenjie",
        "/api/incidents",
        {
            "event_code": "11A01",
            "title": "东岸村三人被困屋顶",
            "region_code": EAST_BANK,
            "life_threat": True,
            "received_at": night.moment("02:13:20").isoformat(),
            "casualties": {"trapped": 3},
            "callers": [{"name": "群众", "phone": "13800000001", "words": "水到屋檐了"}],
        },
    )
    assert (incident["number"], incident["initial_level"]) == ("SJ-20250618-001", 4)
    path = f"/api/incidents/{incident['id']}"
    responsible = await night.read("chenjie", "/api/responsible", region_code=EAST_BANK)
    village = responsible["levels"][0]["call"]
    assert [one["title"] for one in village[:2]] == ["应急管理员A角", "应急管理员B角"]
    assert all(len(one["person"]["phones"]) == 2 for one in village)
    advice = await night.do("wangjun", f"{path}/recommendation")
    assert (advice["card"]["id"], [need["short"] for need in advice["needs"]]) == ("flood_life", [None] * 3)
    town = next(one for one in advice["offers"] if one["team_name"] == TOWN_TEAM)
    assert town["distance_m"] == min(one["distance_m"] for one in advice["offers"])
    assert town["people"] == 12
    here = {"lon": incident["lon"], "lat": incident["lat"]}
    refuge = (await night.read("wangjun", "/api/shelters/near", **here))[0]["shelter"]
    assert (refuge["name_zh"], refuge["capacity"]) == ("东岸村避灾安置点", 120)

    for row, clock in (
        (("C", "L", "phone"), "02:18:20"),
        (("C", "CG", "phone"), "02:43:20"),
        (("C", "CG", "written"), "03:13:20"),
        (("C", "P", "written"), "04:13:20"),
    ):
        (due,) = (await night.dues("chenjie", path))[row]
        assert night.is_at(due["due_at"], clock), (row, due)
        assert due["state"] == "running"
    assert (due["anchor"], "获知时间06-18 02:13:20" in due["why"]["zh"]) == ("lrn", True)

    # 3. The leader is told by telephone 2 min 45 s after the call: which version, when.
    await night.at("02:16:05")
    told = await night.do("chenjie", f"{path}/tellings", {"whom": "带班领导周敏", "receiver": "L"})
    assert told["tellings"][0]["version"] == 1
    assert told["tellings"][0]["told_at"] == "2025-06-17T18:16:05Z"

    (leader,) = (await night.dues("chenjie", path))["C", "L", "phone"]
    assert (leader["state"], leader["done_version"], leader["late_minutes"]) == ("done", 1, 0)
    took = datetime.fromisoformat(leader["done_at"]) - datetime.fromisoformat(leader["anchor_at"])
    assert took == timedelta(minutes=2, seconds=45)

    told_of = await night.rows("SELECT person_id, text FROM notice WHERE topic = 'reporting' ORDER BY id")
    assert told_of, "at 02:15:50 half of the leader's five minutes was gone"
    assert {one["text"] for one in told_of} == {
        "SJ-20250618-001 县应急指挥中心→带班领导电话初报须于06-18 02:18:20前报送"
    }

    # 4. The first order, numbered, to the township's team and the fire brigade: out at once.
    await night.at("02:17:30")
    teams = {one["team_name"]: one["team_id"] for one in advice["offers"]}
    order = await _ordered(night, incident["id"], teams)
    assert order["number"] == "樟应指令〔2025〕1号"
    text = "带橡皮艇1艘、12人赴东岸村救援"
    sent = {
        name: await night.do("wangjun", f"{path}/assignments", {"team_id": teams[name], "text": text})
        for name in (TOWN_TEAM, FIRE_BRIGADE)
    }
    assert sent[TOWN_TEAM]["answer_due_at"] == "2025-06-17T18:20:30Z"
    town_path, fire_path = (f"/api/assignments/{sent[name]['id']}" for name in (TOWN_TEAM, FIRE_BRIGADE))

    # 5. The brigade answers at 02:19:10 by telephone; the township is silent and the ladder climbs.
    await night.at("02:19:10")
    by_phone = {"step": "acknowledge", "channel": "telephone", "reason": "119 指挥中心回电"}
    await night.do("wangjun", f"{fire_path}/steps", by_phone)
    await night.at("02:20:29")
    assert await _rungs(night, town_path) == ["app"]
    await night.at("02:20:30")
    assert await _rungs(night, town_path) == ["app", "second_channel"]
    await night.at("02:22:30")
    assert await _rungs(night, town_path) == ["app", "second_channel", "voice"]
    (called,) = (await night.read("wangjun", f"{town_path}/ladder"))["called"]
    assert called["capacity"] == "team_leader" and len(called["phones"]) == 2
    await night.at("02:22:50")
    by_key = {"step": "acknowledge", "channel": "telephone", "reason": "语音叫应,按键确认"}
    await night.do("wangjun", f"{town_path}/steps", by_key)

    # 6. It departs at 02:31 and is there at 02:52, by the app.
    for clock, step in (("02:31:00", "depart"), ("02:52:00", "arrive")):
        await night.at(clock)
        await night.do("responder1", f"{town_path}/steps", {"step": step})
    times = {one["team_name"]: one for one in await night.read("wangjun", f"{path}/times")}[TOWN_TEAM]
    assert (times["answer_s"], times["answer_target_s"], times["answer_grade"]) == (320, 180, "amber")
    assert times["turnout_s"] - times["answer_s"] == 8 * 60 + 10
    assert times["response_s"] == 34 * 60 + 30

    # The first written report: one text for both, signed; its receipts discharge what was due in writing.
    await night.at("02:55:00")
    await _reported(night, path, "initial")
    for receiver in ("CG", "P"):
        (letter,) = (await night.dues("chenjie", path))["C", receiver, "written"]
        assert (letter["state"], night.is_at(letter["done_at"], "02:55:00")) == ("done", True)

    # 7. Five, not three: both figures stand; a flood of five trapped is no larger risk of work safety.
    await night.at("02:58:00")
    five = {"kind": "trapped", "value": 5, "source": "临溪镇综合队", "channel": "radio", "official": True}
    known = await night.do("chenjie", f"{path}/figures", five)
    assert (known["casualties"]["trapped"], known["grading"]["larger_risk"]) == (5, [])
    book = await night.read("chenjie", f"{path}/figures")
    assert [(one["value"], one["official"]) for one in book["figures"]] == [(5.0, True), (3.0, False)]

    (more,) = (await night.dues("chenjie", path, "followup_on_event"))["C", "P", "written"]
    assert night.is_at(more["due_at"], "03:28:00")
    first = await night.dues("chenjie", path)
    assert ("C", "PR", "phone") not in first
    assert {due["grade"] for told in first.values() for due in told} == {"general"}

    # 8. Everybody out at 03:20; 23 residents to the refuge point at 03:41.
    await night.at("03:20:00")
    none_left = {**five, "value": 0, "note": "五人全部救出,均未受伤"}
    assert (await night.do("chenjie", f"{path}/figures", none_left))["casualties"]["trapped"] == 0
    await night.at("03:41:00")
    opening = {"reason": "东岸村群众临时安置", "incident_id": incident["id"], "heads": 23}
    assert (await night.do("linxi", f"/api/shelters/{refuge['id']}/opening", opening))["present"] == 23

    # 续报一: only what is new since the first one, under the next version for everybody.
    await night.at("03:45:00")
    more = await _reported(night, path, "followup")
    assert more["title"].endswith("续报一") and more["version"] == 2
    assert "水到屋檐" not in more["text"] and "被困" in more["text"]
    (late,) = (await night.dues("chenjie", path, "followup_on_event"))["C", "P", "written"]
    assert (late["state"], late["late_minutes"]) == ("done_late", 17)  # due 03:28: the flag stays

    # 9. Ended by the leader at 04:05, once both teams are through; the story tells the minutes.
    await night.at("04:05:00")
    await night.refused("leader", f"{path}/close", 409, "teams_still_out", {"reason": "救援结束"})
    done = {"step": "finish", "channel": "radio", "reason": "电台报告"}
    await night.do("wangjun", f"{town_path}/steps", done)
    for step in ("depart", "arrive", "finish"):
        await night.do("wangjun", f"{fire_path}/steps", {**done, "step": step})
    closed = await night.do("leader", f"{path}/close", {"reason": "被困人员全部救出,救援结束"})
    assert (closed["state"], closed["closed_by"]) == ("closed", "周敏")
    (final,) = (await night.dues("leader", path, "final"))["C", "P", "written"]
    assert night.is_at(final["due_at"], "04:05:00", days=1)
    soonest = await night.read("leader", "/api/reporting/dues")
    assert [one["kind"] for one in soonest if one["incident_id"] == incident["id"]] == ["final"] * len(
        soonest
    )
    await night.at("04:06:00")
    signed = {"whom": "市应急局", "channel": "written", "receiver": "P", "kind": "final"}
    await night.refused("chenjie", f"{path}/tellings", 422, "invalid_input", signed)
    await night.do("chenjie", f"{path}/tellings", {**signed, "receipt": "市局值班员赵强电话确认"})
    (final,) = (await night.dues("leader", path, "final"))["C", "P", "written"]
    assert final["state"] == "done"
    story = await night.story(incident["id"])
    minutes = {one["name"]: one["elapsed_s"] for one in story["milestones"]}
    assert minutes["assigned"] == 4 * 60 + 10  # first order 4:10 after the call
    assert minutes["on_scene"] == 38 * 60 + 40
    told_by = [entry["zh"] for entry in story["entries"]]
    assert any("东岸村避灾安置点" in line and "23" in line for line in told_by)
    assert all(one["seq"] < then["seq"] for one, then in pairwise(story["entries"]))


async def _reported(night: Night, incident: str, kind: str) -> dict[str, Any]:
    """Draft a written report, have it reviewed, signed, sent, and its receipts confirmed by telephone."""
    to = [{"node": "CG", "name": "县委县政府总值班室"}, {"node": "P", "name": "市应急管理局"}]
    told = {"kind": kind, "addressees": to, "urgency": "extra_urgent", "contact": "0790-110"}
    report = await night.do("chenjie", f"{incident}/reports", told)
    path = f"/api/reports/{report['id']}"
    for who, step in (("shift", "review"), ("leader", "sign")):
        report = await night.do(who, f"{path}/{step}", {"revision": report["revision"]})
    report = await night.do("chenjie", f"{path}/send", {"channel": "fax"})
    for one in report["addressees"]:
        confirmed = {
            "confirmed_as": "call",
            "who": "值班员",
            "number": "0790-111",
            "at": night.now.isoformat(),
        }
        report = await night.do("chenjie", f"{path}/addressees/{one['id']}/confirm", confirmed)
    assert report["state"] == "confirmed"
    return dict(report)


async def _ordered(night: Night, incident_id: int, teams: dict[str, int]) -> dict[str, Any]:
    """Order both teams out in writing, on the leader's oral consent."""
    told = {
        "title": "速救东岸村被困群众",
        "basis": "incident",
        "incident_id": incident_id,
        "recipients": [{"team_id": teams[TOWN_TEAM]}, {"team_id": teams[FIRE_BRIGADE]}],
        "tasks": [
            {"kind": "personnel", "text": "出动12人", "owner": 0},
            {"kind": "equipment", "text": "带橡皮艇1艘", "owner": 0},
            {"kind": "action", "text": "赴东岸村救援", "owner": 1},
        ],
    }
    drafted = await night.do("wangjun", "/api/orders", told)
    consent = {
        "revision": drafted["revision"],
        "issued_as": "oral_consent",
        "consent_of": "周敏",
        "consent_at": night.now.isoformat(),
    }
    issued: dict[str, Any] = await night.do("wangjun", f"/api/orders/{drafted['id']}/issue", consent)
    return issued


async def _rungs(night: Night, assignment: str) -> list[str]:
    """Return the rungs an assignment's ladder has reached."""
    ladder = await night.read("wangjun", f"{assignment}/ladder")
    return [rung["id"] for rung in ladder["rungs"] if rung["reached"]]
