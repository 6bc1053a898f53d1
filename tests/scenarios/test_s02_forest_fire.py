"""Scenario S02: a forest fire in red fire danger with gale (domain/scenarios.md), through the public API.

The warnings have tests of their own. The county has switched on `forest_30`.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.conftest import Begun
from tests.scenarios.night import Night, residents_sheet

pytestmark = pytest.mark.database
VILLAGE = "990181107203"  # 观山镇观山村
PROFILES = "statutory_caps,cn_county_default,forest_30"
CALL, LETTER = ("C", "P", "phone"), ("C", "P", "written")
SQUAD, TOWN = "森林消防大队阁峰中队", "观山镇半专业森林消防队"


async def test_smoke_at_13_40_watched_until_the_next_day(begun: Begun) -> None:
    night = await begun("2025-11-05", "13:40:00", reporting_profiles=PROFILES)
    settled = residents_sheet(VILLAGE, 86)
    await night.upload("shift", "/api/evacuations/residents/import?apply=true", settled)

    # 2–3. Smoke reported by radio, confirmed at 13:43; who goes, with the card's words of safety.
    await night.at("13:43:00")
    incident = await night.do("chenjie", "/api/incidents", _fire(night))
    path = f"/api/incidents/{incident['id']}"
    assert incident["initial_level"] == 4
    (call,) = (await night.dues("chenjie", path))[CALL]
    assert (night.is_at(call["due_at"], "14:10:00"), call["rule_id"]) == (True, "F1")
    advice = await night.do("wangjun", f"{path}/recommendation")
    assert (advice["card"]["id"], advice["needs"][0]["people"]) == ("forest_fire_season", 36)
    assert advice["card"]["reminder_zh"] != ""
    ids = {one["team_name"]: one["team_id"] for one in advice["offers"]}
    squad = await _sent(night, path, ids[SQUAD], advice["card"]["reminder_zh"])
    town = await _sent(night, path, ids[TOWN], "")

    # 4. The superior's hot spot notice is the same fire: joined, nothing new is opened.
    await night.at("13:58:00")
    for who in (squad, town):
        for step in ("acknowledge", "depart"):
            told = {"step": step, "channel": "radio", "reason": "370 兆报告"}
            await night.do("wangjun", f"{who}/steps", told)
    await night.at("14:05:00")
    hot = {
        "source": "superior",
        "title": "热点核查通知:3 个像素",
        "event_code": "11G01",
        "region_code": VILLAGE,
        "lon": incident["lon"] + 0.002,
        "lat": incident["lat"],
        "their_id": "GX-20251105-7",
    }
    notice = await night.do("chenjie", "/api/intake", hot)
    like = await night.read("chenjie", f"{path}/likely-same")
    assert like == []  # one fire stands there: nothing to merge it with
    joined = await night.do("chenjie", f"/api/intake/{notice['id']}/join", {"incident_id": incident["id"]})
    assert joined["incident_id"] == incident["id"]
    assert len(await night.read("chenjie", "/api/incidents")) == 1

    pixels = {"kind": "figure", "name": "hot_pixels", "value": 3, "evidence": "GX-20251105-7"}
    await night.do("chenjie", f"{path}/reporting/knowledge", pixels)
    (call,) = (await night.dues("chenjie", path))[CALL]
    assert night.is_at(call["due_at"], "14:10:00")
    assert {call["rule_id"], *(one["rule_id"] for one in call["why"]["losers"])} == {"F1", "N19"}
    await night.at("14:07:00")
    told = {"whom": "市森防办值班员", "receiver": "P", "number": "0790-1234567"}
    await night.do("chenjie", f"{path}/tellings", told)
    (call,) = (await night.dues("chenjie", path))[CALL]
    assert (call["state"], call["flagged"]) == ("done", False)

    # 5. 86 people out by 15:05, two of them by knocking at the door.
    await night.at("14:20:00")
    homes = {"kind": "flag", "name": "threatens_homes", "evidence": "火线距村1.2公里"}
    await night.do("chenjie", f"{path}/reporting/knowledge", homes)
    assert len((await night.dues("chenjie", path))[CALL]) == 1, "the same rule asks nothing anew"
    order = {
        "villages": [VILLAGE],
        "incident_id": incident["id"],
        "reason": "火线距村1.2公里",
        "deadline": night.moment("15:10:00").isoformat(),
    }
    out = f"/api/evacuations/{(await night.do('wangjun', '/api/evacuations', order))['evacuation']['id']}"
    people = [one["id"] for one in await night.read("wangjun", f"{out}/people")]
    assert len(people) == 86

    # 6. 1.6 ha: 一般 → 较大, by itself, with the clause; it falls only by a named person.
    for clock, area, level in (("14:38:00", 0.8, 4), ("14:40:00", 1.6, 3)):
        await night.at(clock)
        figure = {"kind": "area", "value": area, "source": "阁峰中队", "channel": "radio", "official": True}
        graded = await night.do("chenjie", f"{path}/figures", figure)
        assert graded["initial_level"] == level
    assert graded["grading"]["clauses"] != []
    found = await night.dues("chenjie", path)
    assert [(one["round"], one["done_at"] is None) for one in found[CALL]] == [(1, False), (2, True)]
    assert night.is_at(found[CALL][1]["due_at"], "14:45:00")
    assert night.is_at(found[LETTER][0]["due_at"], "15:00:00")
    await _neighbour_told(night, incident)
    moved = {"people": people[:84], "means": "transport"}
    await night.do("wangjun", f"{out}/ticks", moved)
    knocked = {"people": people[84:], "means": "door_knock", "channel": "radio", "voucher": "村干部"}
    tally = (await night.do("wangjun", f"{out}/ticks", knocked))["villages"][0]["tally"]
    assert (tally["moved"], tally["door_knock"], tally["waiting"]) == (86, 2, 0)

    # 8. Out at 17:50. A watch of the township stays and reports every hour; at 22:00 it does not.
    await night.at("17:50:00")
    await night.do("chenjie", f"{path}/reporting/knowledge", {"kind": "milestone", "name": "fire_out"})
    (full,) = (await night.dues("chenjie", path, "full_report"))[LETTER]
    assert (night.is_at(full["due_at"], "18:50:00"), full["rule_id"]) == (True, "F2")
    by_radio = {"channel": "radio", "reason": "明火扑灭"}
    for step in ("arrive", "finish", "return"):
        await night.do("wangjun", f"{squad}/steps", {**by_radio, "step": step})
    for step in ("arrive", "finish"):
        await night.do("wangjun", f"{town}/steps", {**by_radio, "step": step})
    watch = await _sent(night, path, ids[TOWN], "看守火场24小时,每小时报平安", check_in_min=60)
    await night.at("18:00:00")
    for step in ("acknowledge", "arrive"):
        await night.do("wangjun", f"{watch}/steps", {"step": step, "channel": "radio", "reason": "到位"})
    pumps = await _pumps_lent(night, incident)
    for clock in ("18:58:00", "19:56:00", "20:54:00"):
        await night.at(clock)
        await night.do("wangjun", f"{watch}/safety", {"channel": "radio"})
    assert await _overdue(night, incident["id"]) == []
    await night.at("22:03:00")
    assert await _overdue(night, incident["id"]) == [
        ("assignment.safety_critical", "2025-11-05T13:54:00Z"),
        ("assignment.safety_leader", "2025-11-05T13:59:00Z"),
    ]
    await night.do("wangjun", f"{watch}/safety", {"channel": "radio"})
    await night.do(
        "wangjun", f"{watch}/steps", {"step": "finish", "channel": "radio", "reason": "复燃风险解除"}
    )

    # 9. Everybody is back; of two pumps one comes home, the other stays on the list until it is found.
    lent = f"/api/supplies/transfers/{pumps['id']}"
    lot = pumps["lines"][0]["lot_id"]
    back = {"reason": "火场撤收", "lines": [{"lot_id": lot, "returned": 1}]}
    (line,) = (await night.do("wangjun", f"{lent}/return", back))["lines"]
    assert (line["received"], line["returned"], line["used"]) == (2, 1, 0)
    (missing,) = await night.read("wangjun", "/api/supplies/transfers")
    assert missing["state"] == "delivered", "one pump is still out"
    await night.at("17:50:00", days=1)
    await night.do("wangjun", f"{lent}/return", {**back, "reason": "找到"})
    assert (await night.do("leader", f"{path}/close", {"reason": "看守24小时无复燃"}))["state"] == "closed"


async def _neighbour_told(night: Night, incident: dict[str, Any]) -> None:
    """7. Two kilometres from the boundary: told at 15:00, received at 15:06."""
    path = f"/api/incidents/{incident['id']}"
    partners = {one["name_zh"]: one["id"] for one in await night.read("chenjie", "/api/partners")}
    await night.at("15:00:00")
    told = {"partner_id": partners["北岭县应急指挥中心"], "text": "火线距县界 2 公里,请做好隔离和接应准备"}
    sent = await night.do("chenjie", f"{path}/handoffs", told)
    assert (sent["name"], sent["phone"], sent["kind"], sent["means"], sent["receipt"]) == (
        "北岭县应急指挥中心",
        "0799-5570119",
        "notify",
        "telephone",
        None,
    )
    await night.at("15:07:00")
    received = {
        "received_by": "北岭县值班员吴敏",
        "happened_at": night.moment("15:06:00").isoformat(),
        "channel": "telephone",
        "voucher": "陈洁",
    }
    await night.do("chenjie", f"/api/handoffs/{sent['id']}/receipt", received)
    await night.refused("chenjie", f"/api/handoffs/{sent['id']}/receipt", 409, "handoff_received", received)
    book = await night.read("chenjie", f"{path}/handoffs")
    (receipt,) = [one["receipt"] for one in book["handoffs"]]
    assert (receipt["received_by"], receipt["happened_at"], receipt["told_at"]) == (
        "北岭县值班员吴敏",
        "2025-11-05T07:06:00Z",
        "2025-11-05T07:07:00Z",
    )
    assert book["proposal"] is None, "it burns within the county"
    entries = (await night.story(incident["id"]))["entries"]
    lines = [one for one in entries if one["type"].startswith("handoff.")]
    assert [(one["type"], one["stage"], one["at"]) for one in lines] == [
        ("handoff.sent", "order", "2025-11-05T07:00:00Z"),
        ("handoff.received", "act", "2025-11-05T07:07:00Z"),
    ]
    assert (lines[1]["happened_at"], lines[1]["voucher"]) == ("2025-11-05T07:06:00Z", "陈洁")
    assert "北岭县值班员吴敏签收" in lines[1]["zh"]


async def _overdue(night: Night, incident_id: int) -> list[tuple[str, str]]:
    """Return which alarms of the safety clock an incident's story holds, and when."""
    entries = (await night.story(incident_id))["entries"]
    late = ("assignment.safety_critical", "assignment.safety_leader")
    return [(entry["type"], entry["at"]) for entry in entries if entry["type"] in late]


async def _pumps_lent(night: Night, incident: dict[str, Any]) -> dict[str, Any]:
    """Bring two pumps of the nearest stores to the fire, against signatures."""
    stock = await night.read("wangjun", "/api/supplies")
    item = next(one for one in stock["items"] if one["name_zh"] == "高扬程水泵")
    asked = {
        "region_code": VILLAGE,
        "incident_id": incident["id"],
        "reason": "火场供水",
        "needs": [{"item_id": item["id"], "quantity": 2}],
    }
    transfer, *_ = (await night.do("wangjun", "/api/supplies/requests", asked))["transfers"]
    path = f"/api/supplies/transfers/{transfer['id']}"
    for step, name in (("issue", "保管员"), ("carriage", "司机"), ("receipt", "看守火场负责人")):
        transfer = await night.do("wangjun", f"{path}/{step}", {"name": name, "channel": "radio"})
    lent: dict[str, Any] = transfer
    return lent


def _fire(night: Night) -> dict[str, Any]:
    """Tell of the smoke the ranger saw."""
    return {
        "event_code": "11G01",
        "title": "观山村后山冒烟",
        "source": "radio",
        "region_code": VILLAGE,
        "address": "12林班",
        "received_at": night.moment("13:40:00").isoformat(),
        "callers": [{"name": "护林员", "phone": "林12", "words": "西北风6级,见明火"}],
    }


async def _sent(night: Night, incident: str, team: int, text: str, check_in_min: int | None = None) -> str:
    """Send a team; return where its assignment is found."""
    told = {"team_id": team, "text": text, "check_in_min": check_in_min}
    return f"/api/assignments/{(await night.do('wangjun', f'{incident}/assignments', told))['id']}"
