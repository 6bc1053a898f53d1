"""Casualties that rise (domain rules B5b, D10, D13, N9): a coach, two dead, a third in hospital, more later.

A road accident is supplemented for seven days. `SINCE` is when three dead made it 较大.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.conftest import Begun
from tests.scenarios.night import Night

pytestmark = pytest.mark.database
NORTH = "990181100201"
INTO_WATER = "12H03"
SINCE = "10:20:00"


async def test_a_third_death_makes_reports_due_anew_at_the_second(begun: Begun) -> None:
    night = await begun("2025-06-18", "09:05:00")
    path = await _crash(night)
    dues = await night.dues("chenjie", path)
    assert ("C", "P", "phone") not in dues
    assert night.is_at(dues["C", "P", "written"][0]["due_at"], "11:00:00")

    await night.at(SINCE)
    await _dead(night, path, 3)
    told = await night.read("chenjie", path)
    assert (told["initial_level"], told["grading"]["clauses"][0]["zh"][:4]) == (3, "死亡3人")
    found = {
        (kind, *way): due
        for kind in ("initial", "supplement", "followup_on_event")
        for way, dues in (await night.dues("chenjie", path, kind)).items()
        if way[0] == "C" and way[1] in ("P", "PR")
        for due in dues
    }
    clocks = {
        ("initial", "C", "P", "phone"): ("10:25:00", "D10"),  # occurrence + 30 had passed: the floor
        ("initial", "C", "PR", "phone"): ("10:25:00", "D11a"),
        ("initial", "C", "P", "written"): ("10:40:00", "D10"),
        ("followup_on_event", "C", "P", "written"): ("10:40:00", "D13"),
        ("supplement", "C", "P", "phone"): ("23:59:59", "N9"),
        ("supplement", "C", "P", "written"): ("23:59:59", "N9"),
    }
    for key, (clock, rule) in clocks.items():
        assert (night.is_at(found[key]["due_at"], clock), found[key]["rule_id"]) == (True, rule), key


async def test_a_level_judged_five_times_in_a_minute_counts_from_its_last_rise_and_says_so_each_time(
    begun: Begun,
) -> None:
    night = await begun("2025-06-18", "09:05:00")
    path = await _crash(night)
    await night.at(SINCE)
    await _dead(night, path, 3)
    await night.at("10:21:00")
    for level in (4, 3, 2, 3, 2):
        await night.do("leader", f"{path}/level", {"level": level, "reason": "反复研判"})
        night.clock.advance(timedelta(seconds=10))
    dues = await night.dues("chenjie", path)
    # 较大 holds without a break since 10:21:10, 重大 since 10:21:40.
    assert night.is_at(dues["C", "P", "phone"][-1]["due_at"], "10:26:10")
    assert night.is_at(dues["C", "P", "written"][-1]["due_at"], "10:41:10")
    (event,) = (await night.dues("chenjie", path, "followup_on_event"))["C", "P", "written"]
    assert night.is_at(event["due_at"], "10:36:40")  # 重大: 15 minutes after the last change, 10:21:40
    levels = [
        one for one in (await night.read("chenjie", f"{path}/reporting"))["known"] if one["kind"] == "level"
    ]
    assert [one["value"] for one in levels][:6] == [2, 3, 2, 3, 4, 3]
    assert [due["state"] for due in dues["C", "L", "phone"]] == ["late"]  # nothing that was late is forgiven


async def test_deaths_are_supplemented_for_seven_days_and_then_told_as_a_change(begun: Begun) -> None:
    night = await begun("2025-06-18", "09:05:00")
    path = await _crash(night)
    await night.at("09:30:00")
    await _report(night, path)
    for days, dead, clock in ((5, 3, "23:59:59"), (4, 4, None)):
        night.clock.advance(timedelta(days=days))
        await _stay_logged_in(night)
        await _dead(night, path, dead)
        owed = [
            due
            for due in (await night.dues("chenjie", path, "supplement")).get(("C", "P", "phone"), [])
            if due["state"] not in ("done", "done_late", "dropped")
        ]
        assert [night.is_at(due["due_at"], str(clock)) for due in owed] == ([True] if clock else [])
        changes = (await night.dues("chenjie", path, "followup_on_event"))["C", "P", "written"]
        assert changes[-1]["state"] == "running"
        await _report(night, path)


async def _crash(night: Night) -> str:
    told = {
        "event_code": INTO_WATER,
        "title": "客车坠沟",
        "region_code": NORTH,
        "occurred_at": night.moment("09:00:00").isoformat(),
        "received_at": night.moment("09:05:00").isoformat(),
        "casualties": {"dead": 2},
    }
    return f"/api/incidents/{(await night.do('chenjie', '/api/incidents', told))['id']}"


async def _dead(night: Night, path: str, count: int) -> None:
    told = {"kind": "dead", "value": count, "source": "县医院", "official": True}
    await night.do("chenjie", f"{path}/figures", told)


async def _report(night: Night, path: str) -> None:
    """Tell the prefecture all that is known now, by telephone and in writing."""
    call: dict[str, Any] = {"whom": "市应急管理局", "sender": "C", "receiver": "P"}
    await night.do("chenjie", f"{path}/tellings", {**call, "number": "0799-3330001"})
    await night.do("chenjie", f"{path}/tellings", {**call, "channel": "fax", "receipt": "市局收悉"})


async def _stay_logged_in(night: Night) -> None:
    until = night.clock.now() + timedelta(hours=12)
    await night.rows("UPDATE login_session SET expires_at = :until RETURNING account_id", until=until)
