"""Scenario S11 to its end: a storm surge yellow → orange → red on the coast, with its boats and villages."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.api.desk import Desk
from tests.response.surge_county import BOATS, COAST, FISHERIES, Surge, masters, settle_surge
from tests.response.war_room import RESPONSES, SURGE
from tests.shelters.refuges import PARK, SCHOOL
from tests.world import EAST, OPEN_KIND, WEST, ZONE

pytestmark = pytest.mark.database
YELLOW = datetime(2025, 6, 20, 15, tzinfo=ZONE)
ORANGE = datetime(2025, 6, 20, 22, tzinfo=ZONE)
RED = datetime(2025, 6, 21, 7, 10, tzinfo=ZONE)
LOWER = datetime(2025, 6, 21, 18, tzinfo=ZONE)
TOWNS = (EAST, WEST, "990181302000")


@pytest.fixture
async def surge(desk: Desk) -> Surge:
    """The county on the afternoon before."""
    return await settle_surge(desk)


def local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(ZONE):%m-%d %H:%M}"


async def test_a_storm_surge_is_led_from_yellow_over_red_to_the_last_report(surge: Surge) -> None:
    warning, response = await _yellow(surge)
    await _orange(surge, warning, response)
    response = await _third(surge, response)
    boats = await _boats(surge)
    response = await _red(surge, warning, response)
    await _called(surge, warning)
    incident, evacuation = await _moved(surge)
    await _seep(surge, incident, boats)
    response = await _lowered(surge, warning, response)
    await _home(surge, evacuation)
    await _reported(surge, warning, response, incident, evacuation)


async def _yellow(surge: Surge) -> tuple[int, dict[str, Any]]:
    """1. Yellow at 15:00: the boats are listed, the response begins at four and stays there until decided."""
    room = surge.room
    room.at("2025-06-20 15:00")
    warning = await surge.warned("Yellow", YELLOW, TOWNS[:1], None)
    whole = await room.desk.read("officer", f"/api/warnings/{warning}")
    assert (whole["colour"], whole["proposals"]["family"]) == ("yellow", "sea")
    assert "3.9米" in whole["text"]
    plan = await room.carded("flood")
    response = await room.respond(
        4, warning_colour="yellow", plan_id=plan, cause_kind="warning", cause_id=warning
    )
    response = await room.decide(response)
    run = await room.run(response["run_id"])
    assert {task["key"] for task in run["tasks"]} == {"duty", "forecast", "water", "geology"}
    for task in run["tasks"]:
        await room.acknowledge(task)
    await room.look()
    (duty,) = (await room.desk.read("officer", RESPONSES))["duties"]
    assert (duty["level"], duty["followed"]) == (4, True)
    asked = await surge.boats_asked()
    assert (asked["recipients"], local(asked["due_at"])) == (1, "06-21 05:00")
    return warning, response


async def _orange(surge: Surge, warning: int, response: dict[str, Any]) -> None:
    """2. Orange at 22:00 is an update of the same warning, with two more towns; the response stays."""
    room = surge.room
    room.at("2025-06-20 22:00")
    assert await surge.warned("Orange", ORANGE, TOWNS, YELLOW) == warning
    whole = await room.desk.read("officer", f"/api/warnings/{warning}")
    diff = whole["history"][1]["diff"]
    assert (diff["turn"], len(diff["added"]), diff["removed"]) == ("up", 2, [])
    assert (await room.desk.read("officer", f"{RESPONSES}/{response['id']}"))["level"] == 4


async def _third(surge: Surge, response: dict[str, Any]) -> dict[str, Any]:
    """3. Level three at 23:00: only what is new goes out; townships report every four hours from 03:00."""
    room = surge.room
    before = {row.id for row in await room.world.deliveries()}
    acked = {task["order_id"] for task in (await room.run(response["run_id"]))["tasks"]}
    room.at("2025-06-20 23:00")
    told = {"kind": "adjust", "level": 3, "warning_colour": "orange", "basis": "风暴潮橙色预警"}
    response = await room.do("officer", f"{RESPONSES}/{response['id']}/steps", told)
    response = await room.decide(response)
    step = response["steps"][0]
    new = {"boats", "transfer", "rescue", "road", "electric", "shelter"}
    assert (response["level"], {one["key"] for one in step["sent"]}) == (3, new)
    assert step["signed_by"] == "带班领导"
    sent = [row for row in await room.world.deliveries() if row.id not in before]
    parts = await room.world.rows("SELECT id, order_id FROM order_recipient")
    of = {row["id"]: row["order_id"] for row in parts}
    assert not {of[row.order_recipient_id] for row in sent if row.order_recipient_id} & acked
    run = await room.run(response["run_id"])
    assert all(
        receipt["acknowledged_at"]
        for task in run["tasks"]
        if task["order_id"] in acked
        for receipt in task["receipts"]
    )
    await room.look()
    titles = {one["title"]: one for one in await room.desk.read("officer", "/api/status-calls")}
    assert local(titles["风暴潮三级应急响应调度"]["due_at"]) == "06-21 03:00"
    return response


async def _boats(surge: Surge) -> int:
    """4. 05:00: 57 of 60 are back; of the three named two answer over Beidou, the third is searched for."""
    room, world = surge.room, surge.room.world
    room.at("2025-06-21 04:55")
    asked = next(
        one for one in await room.desk.read("officer", "/api/status-calls") if "渔船" in one["title"]
    )
    told = await surge.boats_told(asked["id"], list(BOATS))
    answer = told["units"][0]["answers"][-1]
    assert answer["values"] == {"1": 60, "2": 57, "3": "、".join(BOATS)}
    room.at("2025-06-21 05:00")
    order = {
        "title": "立即回港避风",
        "recipients": [{"person_id": one} for one in masters()],
        "tasks": [{"text": "报位置,立即回港"}],
        "basis_text": "风暴潮橙色预警",
    }
    made = await room.do("leader", "/api/orders", order)
    issue = {"revision": made["revision"], "issued_as": "commander"}
    made = await room.do("leader", f"/api/orders/{made['id']}/issue", issue)
    first, second, silent = BOATS.values()
    sent = [row for row in await world.deliveries() if row.address in BOATS.values()]
    assert {(row.channel, row.address) for row in sent} == {("beidou", card) for card in BOATS.values()}
    room.at("2025-06-21 05:02")
    await surge.texted(first, "6")
    await surge.texted(second, "6")
    for moment in ("05:03", "05:10"):  # the third: again over Beidou, then the head on duty is called
        room.at(f"2025-06-21 {moment}")
        await surge.supervise()
    parts = (await room.desk.read("officer", f"/api/orders/{made['id']}"))["parts"]
    assert [(part["state"], part["ack_channel"]) for part in parts] == [
        ("acknowledged", "beidou"),
        ("acknowledged", "beidou"),
        ("sent", None),
    ]
    again, head = parts[2]["supervisions"]
    assert (again["step"], head["step"]) == (1, 2) and head["called"]
    assert len([row for row in await world.deliveries() if row.address == silent]) == 3
    lost = {
        "event_code": OPEN_KIND,
        "title": f"{list(BOATS)[2]}失去联系",
        "region_code": EAST,
        "life_threat": True,
        "description": "风暴潮避风清点未回港,北斗呼叫三次无应答",
    }
    incident = await room.do("officer", "/api/incidents", lost)
    handed = {"name": "市渔政", "phone": "0990-110", "text": f"{list(BOATS)[2]}失联,请协查并组织搜救"}
    handoff = await room.do("officer", f"/api/incidents/{incident['id']}/handoffs", handed)
    room.at("2025-06-21 05:14")
    receipt = {"received_by": "渔政值班员"}
    got = await room.do("officer", f"/api/handoffs/{handoff['id']}/receipt", receipt)
    assert got["receipt"]["received_by"] == "渔政值班员"
    assert (await room.run((await _response(surge))["run_id"]))["tasks"]
    return int(incident["id"])


async def _response(surge: Surge) -> dict[str, Any]:
    (found,) = (await surge.room.desk.read("officer", RESPONSES))["running"]
    return dict(found)


async def _red(surge: Surge, warning: int, response: dict[str, Any]) -> dict[str, Any]:
    """5. Red at 07:10: one or two are proposed, the commander picks two."""
    room = surge.room
    room.at("2025-06-21 07:10")
    assert await surge.warned("Red", RED, TOWNS, YELLOW) == warning
    told = {"kind": "adjust", "level": 1, "warning_colour": "red", "basis": "风暴潮红色预警"}
    response = await room.do("officer", f"{RESPONSES}/{response['id']}/steps", told)
    assert (response["suggested"], response["level"]) == ([1, 2], 3)
    response = await room.decide(response, verdict="other", level=2, remark="先按二级")
    assert response["level"] == 2
    await room.look()
    return response


async def _called(surge: Surge, warning: int) -> None:
    """5. Red calls: county and townships within ten minutes, villages within thirty."""
    up = surge.calls
    started = await up.start(
        cause_id=warning, title="风暴潮红色预警", hazard="潮位4.6米", region_codes=[EAST]
    )
    began = datetime.fromisoformat(started["started_at"])
    within = {"county": 10, "township": 10, "village": 30}
    for target in up.targets.values():
        due = datetime.fromisoformat(target["due_at"]) - began
        assert due == timedelta(minutes=within[target["tier"]])
    for clock, key in (("07:12", "沈立"), ("07:14", "何志强"), ("07:17", EAST)):
        up.at(clock)
        await up.call(key, words="收到")
    for code in [one["region_code"] for one in up.targets.values() if one["tier"] == "village"]:
        up.at("07:30")
        await up.call(code, words="收到,组织转移")
    told = await up.look()
    assert all(one["late"] == 0 and one["answered"] == one["total"] for one in told["counts"])


async def _moved(surge: Surge) -> tuple[int, int]:
    """5.–6. 1,240 people by 09:30: 1,236 are moved, four refuse; the second refuge is proposed."""
    room, refuges = surge.room, surge.refuges
    room.at("2025-06-21 07:35")
    told = {"event_code": SURGE, "title": "风暴潮人员转移", "region_code": EAST, "initial_level": 2}
    incident = int((await room.do("officer", "/api/incidents", told))["id"])
    deadline = datetime(2025, 6, 21, 9, 30, tzinfo=ZONE).isoformat()  # two hours before the tide
    number = await refuges.ordered(*COAST, incident_id=incident, deadline=deadline)
    ids = [one["id"] for one in await refuges.people(number)]
    assert len(ids) == 1240
    await refuges.opened(PARK)
    path = f"/api/evacuations/{number}"
    room.at("2025-06-21 08:20")
    await refuges.do(f"{path}/ticks", people=ids[:500], shelter_id=PARK, means="transport")
    room.at("2025-06-21 08:50")
    await refuges.do(f"{path}/ticks", people=ids[500:949], shelter_id=PARK)
    early = [one for one in await room.world.events() if one["type"] == "shelter.nearly_full"]
    assert early == [], "949 of 1,000"
    room.at("2025-06-21 08:52")
    await refuges.do(f"{path}/ticks", people=ids[949:950], shelter_id=PARK)
    (full,) = [one for one in await room.world.events() if one["type"] == "shelter.nearly_full"]
    assert (full["shelter"]["present"], full["shelter"]["capacity"]) == (950, 1000)
    second = full["proposed"]["shelter"]["id"]
    assert second == SCHOOL, "the nearest with room"
    await refuges.opened(second)
    room.at("2025-06-21 09:25")
    await refuges.do(f"{path}/ticks", people=ids[950:1236], shelter_id=second, means="transport")
    room.at("2025-06-21 09:30")
    refused: dict[str, Any] = {
        "reason": "看守养殖",
        "witness": "民警王刚",
        "attachment": "签字照片 IMG_0931",
    }
    out = await refuges.do(f"{path}/refusals", people=ids[1236:], **refused)
    tally = out["evacuation"]["tally"]
    assert (tally["total"], tally["moved"], tally["refused"], tally["waiting"]) == (1240, 1236, 4, 0)
    stay = [one for one in await refuges.people(number) if one["state"] == "refused"]
    assert len(stay) == 4
    assert all(one["name"] and one["reason"] and one["attachment"] for one in stay)
    shelters = {one["id"]: one for one in await room.desk.read("officer", "/api/shelters")}
    assert all(one["present"] <= one["capacity"] for one in shelters.values() if one["present"])
    order = {
        "title": "劝离拒不转移人员",
        "basis": "incident",
        "incident_id": incident,
        "recipients": [{"unit_id": await surge.unit("市公安局")}],
        "tasks": [{"text": "劝离4人,必要时强制带离", "due_at": "2025-06-21T10:30:00+08:00"}],
    }
    made = await room.do("leader", "/api/orders", order)
    issue = {"revision": made["revision"], "issued_as": "commander"}
    made = await room.do("leader", f"/api/orders/{made['id']}/issue", issue)
    assert made["addressees"] == ["市公安局"]
    return incident, number


async def _seep(surge: Surge, incident: int, boats: int) -> None:
    """7. 11:40: a dyke seeps at 27#: a new incident, tied to the surge as its child."""
    room = surge.room
    room.at("2025-06-21 11:40")
    told = {
        "event_code": OPEN_KIND,
        "title": "海塘27#渗漏",
        "region_code": EAST,
        "description": "潮位4.62米,超红色警戒;海塘27号桩背水坡渗水",
    }
    seep = await room.do("officer", "/api/incidents", told)
    for child in (seep["id"], boats):
        link = {"kind": "child", "other_id": incident, "reason": "风暴潮次生"}
        await room.do("officer", f"/api/incidents/{child}/links", link)
    found = await room.desk.read("officer", f"/api/incidents/{incident}/links")
    assert {one["other"]["id"] for one in found} >= {seep["id"], boats}


async def _lowered(surge: Surge, warning: int, response: dict[str, Any]) -> dict[str, Any]:
    """8. 18:00 yellow: only what may stop stops, everybody called hears of it, zero reports go on."""
    room, up = surge.room, surge.calls
    room.at("2025-06-21 18:00")
    assert await surge.warned("Yellow", LOWER, TOWNS, YELLOW) == warning
    lower = {"kind": "lowered", "colour": "yellow", "words": "潮位回落,降为黄色"}
    new = await up.do("officer", f"/api/call-and-respond/{up.id}/tell-the-same", lower)
    assert (new["kind"], new["same_as_id"]) == ("lowered", up.id)
    told = {"kind": "adjust", "level": 4, "warning_colour": "yellow", "basis": "降为黄色预警"}
    response = await room.do("officer", f"{RESPONSES}/{response['id']}/steps", told)
    response = await room.decide(response)
    gone = {one["key"] for one in response["steps"][0]["withdrawn"]}
    assert gone == {"rescue", "road", "electric", "closed", "build", "police", "army", "media"}
    kept = {task["key"] for task in (await room.run(response["run_id"]))["tasks"] if not task["withdrawn_at"]}
    assert {"boats", "transfer", "shelter", "hospital"} <= kept
    await room.look()
    running = [
        one
        for one in await room.desk.read("officer", "/api/status-calls")
        if one["state"] in ("open", "planned") and "应急响应调度" in one["title"]
    ]
    assert [local(one["due_at"]) for one in running] == ["06-22 08:00"]
    return response


async def _home(surge: Surge, evacuation: int) -> None:
    """8. The townships bring their people home; the zero report of the next morning comes in."""
    room, refuges = surge.room, surge.refuges
    room.at("2025-06-21 19:30")
    order = {
        "title": "组织群众返回",
        "recipients": [{"unit_id": 6}],
        "tasks": [{"text": "核对住房安全后按返回名单送返"}],
    }
    made = await room.do("leader", "/api/orders", order)
    issue = {"revision": made["revision"], "issued_as": "commander"}
    await room.do("leader", f"/api/orders/{made['id']}/issue", issue)
    moved = [one["id"] for one in await refuges.people(evacuation) if one["state"] == "moved"]
    room.at("2025-06-21 21:00")
    out = await refuges.do(f"/api/evacuations/{evacuation}/returns", people=moved)
    assert out["evacuation"]["tally"]["home"] == 1236
    await refuges.do(f"/api/evacuations/{evacuation}/end", reason="潮位正常")
    room.at("2025-06-22 07:30")
    await room.look()
    asked = await room.desk.read("east", "/api/status-calls/mine")
    (mine,) = [one for one in asked if one["call"]["state"] == "open" and not one["unit"]["answers"]]
    assert mine["call"]["title"] == "风暴潮四级应急响应调度"
    zero = await room.do(
        "east", f"/api/status-calls/recipients/{mine['unit']['id']}/answers", {"nothing": True}
    )
    assert (zero["answers"][-1]["nothing"], zero["late_minutes"]) == (True, 0)


async def _reported(
    surge: Surge, warning: int, response: dict[str, Any], incident: int, evacuation: int
) -> None:
    """9. The papers: three colours, the response step by step, the curve of the evacuation, what was late."""
    room, up = surge.room, surge.calls
    whole = await room.desk.read("officer", f"/api/warnings/{warning}")
    assert [one["colour"] for one in whole["history"]] == ["yellow", "orange", "red", "yellow"]
    steps = [(one["level"], local(one["decided_at"])) for one in reversed(response["steps"])]
    assert steps == [(4, "06-20 15:00"), (3, "06-20 23:00"), (2, "06-21 07:10"), (4, "06-21 18:00")]
    people = await surge.refuges.people(evacuation)
    out = sorted(one["happened_at"] for one in people if one["state"] == "moved")
    assert [local(out[n]) for n in (499, 949, 1235)] == ["06-21 08:20", "06-21 08:52", "06-21 09:25"]
    papers = (await room.desk.read("officer", "/api/documents?kind=response_order"))["documents"]
    assert sorted(one["number"] for one in papers) == [f"樟应响〔2025〕{n}号" for n in (1, 2, 3, 4)]
    sheet = await room.desk.get("officer", f"/api/call-and-respond/{up.id}.xlsx")
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(sheet.content)).worksheets[0]]
    assert len(rows) == 19 and not any("超时" in str(row[3]) for row in rows[1:])
    timeline = await room.desk.read("officer", f"/api/incidents/{incident}/timeline")
    assert any("1236/1240" in line["zh"] for line in timeline["entries"])
    titles = {one["title"]: one for one in await room.desk.read("officer", "/api/status-calls")}
    night = await room.desk.read("officer", f"/api/status-calls/{titles['风暴潮三级应急响应调度']['id']}")
    assert night["recipients"] > 0
    assert night["answered"] == 0, "late items are listed: nobody reported by then"
    started = {one["kind"] for one in await room.desk.read("officer", f"/api/warnings/{warning}/started")}
    assert started == {"call_and_respond", "response"}
    assert FISHERIES in {one["to"] for one in (await room.run(response["run_id"]))["tasks"]}
