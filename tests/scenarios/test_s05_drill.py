"""Scenario S05: a no-script drill with a real incident in the middle (domain/scenarios.md)."""

from __future__ import annotations

from typing import Any

import pytest

from app.dispatch.exercise.apart import PAUSED
from app.exercise.watcher import DrillClock
from app.filing.rules.numbers import DRILL_MARK
from tests.scenarios.conftest import Begun
from tests.scenarios.night import Night
from tests.world import STREAM

pytestmark = pytest.mark.database
EAST_BANK = "990181100204"
TOWN_TEAM = "临溪镇综合应急救援队"
DIRECTOR, CONTROLLER, DESK, SECOND = "leader", "shift", "chenjie", "wangjun"
SCRIPT = (
    """
code: D-07
name: 防汛无脚本综合演练
kind: comprehensive
minutes: 120
injects:
  - {id: call-1, at: 17:00, kind: call, title: 东岸村来电三人被困, text: 水到窗台了, name: 村民,
     phone: "13800000001", region: "990181100204", expect: team_sent,
     target_s: 300, action: 问清人数地点并派就近队伍}
  - {id: gauge, at: 21:00, kind: sensor, title: 临溪水位站超警戒0.8米, region: "990181100204", target_s: 120}
  - {id: silence, at: 31:00, kind: link, title: 东岸村通信中断, region: "990181100204", target_s: 120,
     action: 改用卫星电话核实}
  - {id: boat, after: {inject: call-1, done: true, seconds: 600}, kind: text, title: 冲锋舟油料不足,
     region: "990181100204", target_s: 300}
  - {id: press, kind: role_play, title: 记者来电追问伤亡, expect: by_hand, target_s: 60, points: 20}
  - {id: late-1, at: 70:00, kind: call, title: 一号堤管涌, region: "990181100204", target_s: 120}
  - {id: late-2, at: 80:00, kind: call, title: 二号堤漫顶, region: "990181100204", target_s: 120}
  - {id: late-3, at: 90:00, kind: call, title: 学校请求转移, region: "990181100204", target_s: 120}
  - {id: late-4, at: 100:00, kind: call, title: 停电, region: "990181100204", target_s: 120}
""".replace("70:00", "1:10:00")
    .replace("80:00", "1:20:00")
    .replace("90:00", "1:30:00")
    .replace("100:00", "1:40:00")
)


async def _to(night: Night, clock: str) -> None:
    """Let the clock go on, the drill's clock looking each minute."""
    watch = DrillClock(night.house.database, night.clock, STREAM)
    wanted = night.moment(clock)
    while night.now < wanted:
        step = min(night.now.replace(second=0, microsecond=0).timestamp() + 60, wanted.timestamp())
        await night.at(f"{night.now.fromtimestamp(step, night.now.tzinfo):%H:%M:%S}")
        await watch.look()


def _inject(control: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in control["injects"] if one["key"] == key)


async def test_a_real_incident_in_the_middle_of_a_drill_frees_its_forces(begun: Begun) -> None:
    night = await begun("2025-06-18", "09:30:00")

    # 1. The director builds D-07 of nine hidden injects; a mistake in the file is told by its line.
    wrong = {"source": SCRIPT.replace("kind: sensor", "kind: sensr"), "planned_at": night.now.isoformat()}
    refused = await night.refused(DIRECTOR, "/api/drills", 422, "bad_script", wrong)
    assert [one["name"] for one in refused["fields"]] == ["source:10"]
    accounts = await night.read(DIRECTOR, "/api/drills/controllers")
    members = [
        {"account_id": one["account_id"]}
        for one in accounts
        if one["name"] != "" and one["role"] == "shift_lead"
    ][:1]
    told = {"source": SCRIPT, "planned_at": night.moment("10:00:00").isoformat(), "members": members}
    drill = await night.do(DIRECTOR, "/api/drills", told)
    path = f"/api/drills/{drill['id']}"
    assert (drill["number"], drill["state"]) == ("演〔2025〕1号", "planned")
    assert len((await night.read(DIRECTOR, f"{path}/control"))["injects"]) == 9
    # Whoever takes part reads that there is a drill, and nothing of what will come.
    (seen,) = (await night.read(DESK, "/api/drills"))["drills"]
    assert (seen["fired"], seen["mine"]) == (0, False)
    assert (await night.ask(DESK, "GET", f"{path}/control")).status_code == 404

    # 2. 10:17 the first call comes like any other, and says what it is.
    await _to(night, "10:00:00")
    await night.do(DIRECTOR, f"{path}/steps", {"step": "start"})
    await _to(night, "10:16:00")
    assert not [one for one in await night.read(DESK, "/api/intake") if one["drill_id"]]
    await _to(night, "10:17:00")
    (notice,) = [one for one in await night.read(DESK, "/api/intake") if one["drill_id"]]
    assert (notice["title"], notice["source"]) == (f"{DRILL_MARK}东岸村来电三人被困", "village")
    form = {
        "event_code": "11A01",
        "title": "东岸村三人被困屋顶",
        "region_code": EAST_BANK,
        "life_threat": True,
    }
    incident = await night.do(DESK, f"/api/intake/{notice['id']}/incident", form)
    assert (incident["number"], incident["title"]) == (
        "演练SJ-20250618-001",
        f"{DRILL_MARK}东岸村三人被困屋顶",
    )
    assert incident["drill_id"] == drill["id"]
    assert (await night.read(DESK, f"/api/incidents/{incident['id']}/reporting"))["dues"] == []

    # 3. What is ordered for it is a drill to the last message, and stays within the house.
    await _to(night, "10:20:00")
    advice = await night.do(SECOND, f"/api/incidents/{incident['id']}/recommendation")
    team = next(one["team_id"] for one in advice["offers"] if one["team_name"] == TOWN_TEAM)
    sent = await night.do(
        SECOND, f"/api/incidents/{incident['id']}/assignments", {"team_id": team, "text": "速去"}
    )
    assert sent["drill"] is True
    order = {
        "title": "集结待命",
        "basis": "incident",
        "incident_id": incident["id"],
        "recipients": [{"team_id": team}],
        "tasks": [{"text": "带舟艇集结"}],
    }
    made = await night.do(DIRECTOR, "/api/orders", order)
    issued = await night.do(
        DIRECTOR, f"/api/orders/{made['id']}/issue", {"issued_as": "commander", "revision": made["revision"]}
    )
    assert (issued["drill"], issued["number"]) == (True, "演练樟应指令〔2025〕1号")
    await night.do(
        SECOND, f"/api/assignments/{sent['id']}/steps", {"step": "acknowledge", "channel": "telephone"}
    )
    messages = await night.rows("SELECT channel, drill, body FROM delivery")
    assert messages and all(one["drill"] and one["body"].startswith(DRILL_MARK) for one in messages)
    assert {one["channel"] for one in messages} == {"app"}
    handoff = {"kind": "notify", "name": "邻县", "phone": "0795-1234567", "text": "水情"}
    await night.refused(DESK, f"/api/incidents/{incident['id']}/handoffs", 409, "drill_stays_here", handoff)

    # 4. The third inject is forgotten for ten minutes; nobody is told, the measured time runs on.
    await _to(night, "10:41:00")
    control = await night.read(DIRECTOR, f"{path}/control")
    first, third, boat = _inject(control, "call-1"), _inject(control, "silence"), _inject(control, "boat")
    assert (first["took_s"], first["worth"], first["incident_number"]) == (180, 10, "演练SJ-20250618-001")
    assert (third["took_s"], third["worth"], third["done_at"]) == (600, None, None)
    assert boat["state"] == "fired" and night.is_at(boat["fired_at"], "10:30:00")
    await night.do(DIRECTOR, f"{path}/injects/{_inject(control, 'press')['id']}/steps", {"step": "fire"})
    assert len([one for one in await night.read(DESK, "/api/intake") if one["drill_id"]]) == 3

    # 5. 11:02 something real: the team that is out for the drill is free at once.
    await _to(night, "11:02:00")
    real = await night.do(
        DESK,
        "/api/incidents",
        {"event_code": "11A01", "title": "车辆坠水", "region_code": EAST_BANK, "life_threat": True},
    )
    assert (real["number"], real["drill_id"]) == ("SJ-20250618-001", None)
    advice = await night.do(SECOND, f"/api/incidents/{real['id']}/recommendation")
    assert team in {one["team_id"] for one in advice["offers"]}
    for_real = await night.do(
        SECOND, f"/api/incidents/{real['id']}/assignments", {"team_id": team, "text": "救人"}
    )
    assert (for_real["drill"], for_real["diverted_from_id"]) == (False, sent["id"])
    (left,) = await night.read(SECOND, f"/api/incidents/{incident['id']}/assignments")
    assert left["state"] == "cancelled" and left["reason"].startswith(PAUSED)
    other = next(one["team_id"] for one in advice["offers"] if one["team_id"] != team)
    again = await night.do(SECOND, f"/api/incidents/{incident['id']}/assignments", {"team_id": other})
    # The drill takes nobody away from what is real.
    await night.refused(
        SECOND, f"/api/incidents/{incident['id']}/assignments", 409, "already_committed", {"team_id": team}
    )

    # 6. 11:05 paused: every order is taken back, and everybody who had one is told why.
    await _to(night, "11:05:00")
    paused = await night.do(DIRECTOR, f"{path}/steps", {"step": "pause", "reason": "车辆坠水"})
    assert paused["state"] == "paused"
    recalled = await night.read(DIRECTOR, f"/api/orders/{made['id']}")
    assert (recalled["state"], recalled["withdrawn_reason"]) == ("withdrawn", PAUSED)
    now_sent = {
        one["id"]: one for one in await night.read(SECOND, f"/api/incidents/{incident['id']}/assignments")
    }
    assert (now_sent[again["id"]]["state"], now_sent[again["id"]]["reason"]) == ("cancelled", PAUSED)
    bodies = [one["body"] for one in await night.rows("SELECT body FROM delivery WHERE drill ORDER BY id")]
    assert sum(PAUSED in one for one in bodies) >= 2
    (kept,) = list(await night.read(SECOND, f"/api/incidents/{real['id']}/assignments"))
    assert kept["state"] == "dispatched"
    await _to(night, "11:35:00")
    assert _inject(await night.read(DIRECTOR, f"{path}/control"), "late-1")["state"] == "waiting"

    # 7. Nothing of it is counted.
    month = {"first": "2025-06-18", "last": "2025-06-18"}
    figures = await night.read(DIRECTOR, "/api/stages/statistics", **month)
    judged = next(one["count"] for one in figures["stages"] if one["stage"] == "judge")
    assert judged == 1, "the real incident that was opened"
    times = await night.read(DIRECTOR, "/api/reaction-times", month="2025-06")
    assert times["rows"][0]["orders"] == 1

    # 8. The end, the score sheet, and what is to be improved goes round the loop.
    await night.do(DIRECTOR, f"{path}/steps", {"step": "resume"})
    await _to(night, "14:50:00")
    await night.do(DIRECTOR, f"{path}/steps", {"step": "finish"})
    over = await night.read(DESK, f"/api/incidents/{incident['id']}")
    assert (over["state"], over["close_reason"]) == ("closed", "演练结束")
    assert [one["id"] for one in await night.read(DESK, "/api/incidents")] == [real["id"]]
    await _to(night, "15:00:00")
    wanted = {
        "summary": "处置及时,通信中断无人核实",
        "improvements": [{"title": "修订通信中断处置卡", "owner": "通信组"}],
    }
    sheet = await night.do(DIRECTOR, f"{path}/evaluation", wanted)
    assert (sheet["points"], sheet["possible"]) == (10, 100)
    page = await night.ask(DIRECTOR, "GET", f"{path}/sheet.html")
    assert "【演练】防汛无脚本综合演练评估表" in page.text and "修订通信中断处置卡" in page.text
    board = await night.read(DESK, "/api/drills")
    assert board["counts"] == [{"year": 2025, "kind": "comprehensive", "finished": 1, "no_script": 1}]
    (task,) = (await night.read(DESK, "/api/tasks"))["tasks"]
    assert (task["kind"], task["state"], task["source_words"]) == (
        "improvement",
        "assigned",
        "演〔2025〕1号 防汛无脚本综合演练",
    )
