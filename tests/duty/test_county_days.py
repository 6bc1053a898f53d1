"""Days the county settles otherwise: rosters, the calendar and the working days of reporting follow them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.duty.county_days import store
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.manned import manned
from app.reporting.watcher import ReportWatch
from tests.api.desk import Desk as Api
from tests.api.desk import problem
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database
PATH = "/api/duty/county-days"
FEAST = {
    "kind": "statutory_holiday",
    "name_zh": "建县纪念日",
    "name_en": "founding day",
    "reason": "通知",
}


async def kinds(api: Api) -> dict[str, str]:
    return {one["on"]: one["kind"] for one in await api.read("officer", "/api/duty/days/2025-06")}


async def test_a_leader_settles_a_day_and_gives_it_back(api: Api) -> None:
    assert (await kinds(api))["2025-06-19"] == "workday"
    made = await api.ask("leader", "PUT", f"{PATH}/2025-06-19", FEAST)
    assert (made.status_code, made.json()["set_by"]) == (200, "带班领导")
    assert (await kinds(api))["2025-06-19"] == "statutory_holiday"
    worked = {**FEAST, "kind": "makeup_workday", "name_zh": "补班"}
    await api.ask("leader", "PUT", f"{PATH}/2025-06-21", worked)
    assert (await kinds(api))["2025-06-21"] == "makeup_workday"
    assert [one["name_zh"] for one in await api.read("east", PATH)] == ["建县纪念日", "补班"]
    for who in ("lead", "officer", "east", "admin"):
        problem(await api.ask(who, "PUT", f"{PATH}/2025-06-20", FEAST), 403, "not_permitted")
    assert (await api.ask("leader", "DELETE", f"{PATH}/2025-06-19")).status_code == 200
    problem(await api.ask("leader", "DELETE", f"{PATH}/2025-06-19"), 404, "not_found")
    assert (await kinds(api))["2025-06-19"] == "workday"
    told = [e["type"] for e in await api.world.events()]
    assert told == ["calendar.day_set", "calendar.day_set", "calendar.day_cleared"]


async def test_a_seat_for_holidays_is_manned_on_the_countys_own(api: Api) -> None:
    await api.ask("leader", "PUT", f"{PATH}/2025-06-19", FEAST)
    own = await api.world.do(lambda tx: store.extra_days(tx, STREAM))
    begin, end = (datetime(2025, 6, day, 12, tzinfo=ZONE) for day in (19, 20))
    assert manned("holidays", Interval(begin, end), ZONE) == ()
    (span,) = manned("holidays", Interval(begin, end), ZONE, own)
    assert span.start == begin
    assert [one.on for one in own] == [date(2025, 6, 19)]


async def test_working_days_of_reports_follow_the_countys_own_days(api: Api) -> None:
    world = api.world
    watch = ReportWatch(world.database, world.clock, STREAM, api.house.reporting)
    incident = (await world.incident()).id
    for told in (
        {"kind": "scope", "name": "natural_disaster"},
        {"kind": "milestone", "name": "stable"},
    ):
        answer = await api.post("lead", f"/api/incidents/{incident}/reporting/knowledge", told)
        assert answer.status_code == 201, answer.text
    assert _verification(answer.json()) == "2025-06-20T15:59:59Z"  # Wednesday, and two working days
    await api.ask("leader", "PUT", f"{PATH}/2025-06-19", FEAST)
    assert await watch.look() == 1
    told = await api.read("lead", f"/api/incidents/{incident}/reporting")
    assert _verification(told) == "2025-06-23T15:59:59Z"  # over the feast and the week-end
    worked = {**FEAST, "kind": "makeup_workday", "name_zh": "补班"}
    await api.ask("leader", "PUT", f"{PATH}/2025-06-21", worked)
    await watch.look()
    told = await api.read("lead", f"/api/incidents/{incident}/reporting")
    assert _verification(told) == "2025-06-21T15:59:59Z"


def _verification(told: dict[str, Any]) -> str:
    (due,) = (due for due in told["dues"] if due["kind"] == "verification")
    return str(due["due_at"])
