"""A planned check that begins and a failure whose time runs out: the owner is told, then the shift lead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.duty.presence.watch import CoverageWatch
from app.duty.spot_check.rules.reminders import PATIENCE, SOON, begun, due
from tests.duty.spot_county import EAST_POST, WEST_POST, Round, leader, officer
from tests.world import STREAM, ZONE

AT = datetime(2025, 6, 18, 14, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("after", "told", "has_owner", "called", "expected"),
    [
        (-MINUTE, "", True, False, None),
        (0 * MINUTE, "", True, False, "owner"),
        (0 * MINUTE, "", False, False, "lead"),
        (0 * MINUTE, "", True, True, None),
        (PATIENCE - MINUTE, "owner", True, False, None),
        (PATIENCE, "owner", True, False, "lead"),
        (PATIENCE, "owner", True, True, None),
        (PATIENCE, "lead", True, False, None),
        (PATIENCE, "", True, False, "owner"),
    ],
)
def test_a_planned_check_is_its_owners_then_the_leads(
    after: timedelta,
    told: str,
    has_owner: bool,
    called: bool,
    expected: str | None,
) -> None:
    assert begun(AT, AT + after, told, has_owner=has_owner, called=called) == expected


@pytest.mark.parametrize(
    ("left", "told", "within", "expected"),
    [
        (SOON + MINUTE, "", timedelta(hours=24), None),
        (SOON, "", timedelta(hours=24), "due"),
        (SOON, "due", timedelta(hours=24), None),
        (SOON, "", timedelta(hours=3), None),
        (0 * MINUTE, "due", timedelta(hours=24), "overdue"),
        (0 * MINUTE, "", timedelta(hours=1), "overdue"),
        (-MINUTE, "overdue", timedelta(hours=24), None),
    ],
)
def test_a_failure_is_reminded_of_near_its_end_and_past_it(
    left: timedelta, told: str, within: timedelta, expected: str | None
) -> None:
    assert due(AT, AT - within, AT - left, told) == expected


async def looked(night: Round) -> list[dict[str, Any]]:
    """Let two rounds of the watch go by, and return all notices of checks."""
    watch = CoverageWatch(night.world.database, night.world.clock, STREAM, ZONE)
    await watch.look()
    await watch.look()
    return await night.world.rows(
        "SELECT person_id, text FROM notice WHERE topic IN ('spot_check', 'rectification') ORDER BY id"
    )


async def kinds(night: Round) -> list[str]:
    wanted = ("begun", "waits", "rectification_due", "rectification_overdue")
    return [t.removeprefix("spot_check.") for t in await night.world.types() if t.endswith(wanted)]


@pytest.mark.database
async def test_a_check_that_begins_is_told_to_who_planned_it_and_then_to_the_shift_lead(
    spot_round: Round,
) -> None:
    night, world = spot_round, spot_round.world
    await world.run("UPDATE account SET person_id = :id WHERE username = 'officer'", id=officer(1))
    await night.begin(starts_at="2025-06-18T23:00:00+08:00", shares=[{"method": "phone", "count": 2}])
    assert await looked(night) == []
    world.later(minutes=50)
    told = await looked(night)
    assert told == [{"person_id": officer(1), "text": "抽查“夜间抽查”定于23:00开始"}]
    world.later(minutes=10)
    assert (await looked(night))[1:] == [
        {"person_id": officer(1), "text": "抽查“夜间抽查”定于23:00开始,尚未呼叫任何岗位,请督办"}
    ], "he leads the shift tonight as well"
    world.later(minutes=10)
    await looked(night)
    assert await kinds(night) == ["begun", "waits"]


@pytest.mark.database
async def test_a_check_that_somebody_works_on_or_that_was_not_planned_is_not_told(spot_round: Round) -> None:
    night, world = spot_round, spot_round.world
    await night.begin(shares=[{"method": "phone", "count": 1}])
    world.later(minutes=30)
    assert await looked(night) == []
    await night.begin(starts_at="2025-06-18T23:00:00+08:00", shares=[{"method": "phone", "count": 1}])
    world.later(minutes=10)
    world.later(minutes=10)
    (post,) = await night.findings()
    await night.call(post)
    assert await looked(night) == []


@pytest.mark.database
async def test_a_failure_is_told_to_who_answers_for_the_post_and_late_to_the_lead(spot_round: Round) -> None:
    night, world = spot_round, spot_round.world
    await night.begin()
    for post in (EAST_POST, WEST_POST):
        await night.check(post, at_desk=False, log_complete=False)
    await night.finish()
    await world.run("UPDATE shift SET ends_at = ends_at + interval '3 days'")
    (west,) = [
        one for one in await night.office.read("west", "/api/spot-checks/rectifications")
        if one["failure"] == "absent"
    ]  # fmt: skip
    world.later(hours=21, minutes=59)
    assert await looked(night) == []
    world.later(minutes=1)
    told = await looked(night)
    assert [one["person_id"] for one in told] == [leader(EAST_POST), leader(WEST_POST)]
    assert told[0]["text"] == (
        "6镇应急管理所值班室限时整改(值班人员脱岗、值班日志记录不完整)须于06月19日22:11前上报"
    )
    await night.do("west", f"/api/spot-checks/rectifications/{west['id']}/report", {"evidence": "已整改"})
    world.later(hours=2)
    late = (await looked(night))[2:]
    assert [one["person_id"] for one in late] == [leader(EAST_POST), leader(WEST_POST), officer(1)]
    assert late[1]["text"].startswith("12镇应急管理所值班室限时整改(值班日志记录不完整)已于")
    assert late[2]["text"] == "整改逾期未报:6镇应急管理所值班室、12镇应急管理所值班室"
    assert await kinds(night) == ["rectification_due"] * 4 + ["rectification_overdue"] * 3
