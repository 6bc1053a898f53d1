"""Names on standby: one place a day whoever races, what is refused and why, and terms that are kept."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import Database
from app.duty.leave import actions as leave
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.roster.settings import SHIPPED as PERIODS
from app.duty.standby import settings as standby
from app.duty.standby.actions import sheets
from app.duty.standby.board import level
from app.duty.standby.rules.rulebook import Rulebook
from app.org.rules.access import Viewer
from app.stage.readiness import muster
from app.stage.seed import seed
from tests.api.desk import Desk, desk, problem
from tests.duty.county import moment
from tests.duty.key_period import BRIGADE, LINXI, SQUADS, ZHOUWEI, Season, crew, season
from tests.world import STREAM, WEST, ZONE

__all__ = ["desk"]
pytestmark = pytest.mark.database
DAY = "2025-10-01"


@pytest.fixture
async def county(desk: Desk) -> Season:
    """The county at 07:00 on the first day of the fire season."""
    found = await season(desk)
    found.at("10-01 07:00")
    return found


def path(code: str, day: str = DAY) -> str:
    return f"/api/readiness/townships/{code}/{day}"


async def test_of_two_townships_that_name_the_same_person_at_once_one_gets_him(county: Season) -> None:
    same = {"name": "老王", "phone": "13912345678"}
    answers = await asyncio.gather(
        *(
            county.desk.ask("lead", "PUT", path(code), {"version": 0, "persons": [*crew(code, 3), same]})
            for code in (LINXI, ZHOUWEI, WEST)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    rows = await county.desk.world.rows("SELECT id FROM standby_person WHERE phone = '13912345678'")
    assert len(rows) == 1


async def test_the_database_itself_keeps_a_person_in_one_place_a_day(county: Season) -> None:
    await county.names(LINXI, DAY, crew(LINXI, 1))
    await county.names(ZHOUWEI, DAY, crew(ZHOUWEI, 1))
    for change in ("phone = (SELECT min(phone) FROM standby_person)", "person_id = 1"):
        with pytest.raises(IntegrityError, match="once_a_day"):
            await county.desk.world.run(f"UPDATE standby_person SET {change}")


async def test_who_was_struck_here_may_stand_by_elsewhere(county: Season) -> None:
    held = await county.names(LINXI, DAY, crew(LINXI, 2))
    told = {"counted": 1, "absent": [held["persons"][0]["id"]], "reason": "不在"}
    assert (await county.desk.post("lead", f"{path(LINXI)}/head-counts", told)).status_code == 201
    await county.names(ZHOUWEI, DAY, crew(LINXI, 1))


async def test_a_list_that_others_changed_or_that_was_accepted_is_not_written_over(county: Season) -> None:
    await county.names(LINXI, DAY, crew(LINXI, 2))
    stale: Any = {"version": 0, "persons": []}
    problem(await county.desk.ask("lead", "PUT", path(LINXI), stale), 409, "stale_list")
    problem(await county.desk.post("leader", f"{path(LINXI)}/acceptance", {"version": 7}), 409, "stale_list")
    await county.accepted(LINXI, DAY)
    again: Any = {"version": 2, "persons": []}
    problem(await county.desk.ask("lead", "PUT", path(LINXI), again), 409, "list_accepted")
    nobody = await county.desk.post("leader", f"{path(LINXI)}/acceptance", {"version": 2})
    problem(nobody, 409, "nothing_to_accept")


async def test_who_stays_on_a_list_keeps_his_time(county: Season) -> None:
    first = await county.names(LINXI, DAY, crew(LINXI, 2))
    county.at("10-01 08:00")
    then = await county.names(LINXI, DAY, crew(LINXI, 3)[1:], version=1)
    assert then["persons"][0]["id"] == first["persons"][1]["id"]
    assert [one["since"][11:16] for one in then["persons"]] == ["23:00", "00:00"]


@pytest.mark.parametrize(
    ("person", "zh"),
    [
        ({"name": "无电话"}, "请填人员编号,或姓名和电话"),
        ({"phone": "13900000000"}, "请填人员编号,或姓名和电话"),
        ({"person_id": 12345}, "人员册中没有此人"),
        ({"name": "甲", "phone": "call me"}, "格式不正确"),
        ({"name": "甲\u0007", "phone": "13900000000"}, "文字不能包含控制字符"),
    ],
)
async def test_a_person_who_cannot_be_told_apart_is_refused(
    county: Season, person: dict[str, Any], zh: str
) -> None:
    answer = await county.desk.ask("lead", "PUT", path(LINXI), {"version": 0, "persons": [person]})
    assert zh in problem(answer, 422, "invalid_input")["zh"]


async def test_a_list_names_nobody_twice_and_only_a_near_day(county: Season) -> None:
    (one,) = crew(LINXI, 1)
    for same in (one["phone"], f"+86{one['phone']}", f"{one['phone'][:3]}-{one['phone'][3:]}"):
        twice = {"version": 0, "persons": [one, {"name": "别名", "phone": same}]}
        answer = await county.desk.ask("lead", "PUT", path(LINXI), twice)
        assert "出现两次" in problem(answer, 422, "invalid_input")["zh"]
    told = {"version": 0, "persons": crew(LINXI)}
    for day in ("2025-09-30", "2025-11-02", "1999-01-01", "no-day"):
        assert (await county.desk.ask("lead", "PUT", path(LINXI, day), told)).status_code == 422
    problem(await county.desk.ask("lead", "PUT", path("990181100201"), told), 404, "not_found")
    team = {**told, "team_id": 4}  # of the west
    assert (
        "不是该乡镇的队伍"
        in problem(await county.desk.ask("lead", "PUT", path(LINXI), team), 422, "invalid_input")["zh"]
    )
    assert (await county.put("lead", path(LINXI), {**told, "team_id": 1}))["team_name"] == "江河救援队"


async def test_who_is_on_approved_leave_is_not_on_standby(county: Season) -> None:
    world, start = county.desk.world, moment("10-01 20:00")
    told = LeaveIn(person_id=1, kind="sick", starts_at=start, ends_at=start + timedelta(hours=3))
    lead, leader = world.people["lead"], world.people["leader"]
    asked = await world.do(lambda tx: leave.ask(tx, lead, told, world.clock.now()))
    word = DecisionIn(approved=True)
    await world.do(lambda tx: leave.decide(tx, leader, asked.id, word, world.clock.now(), ZONE))
    answer = await county.desk.ask("lead", "PUT", path(LINXI), {"version": 0, "persons": [{"person_id": 1}]})
    assert "江队长" in problem(answer, 409, "away_that_day")["zh"]
    await county.names(LINXI, "2025-10-02", [{"person_id": 1}])


async def test_tomorrow_is_neither_accepted_nor_counted_nor_alarming(county: Season) -> None:
    seq = await county.desk.world.head()
    tomorrow = path(LINXI, "2025-10-02")
    await county.names(LINXI, "2025-10-02", crew(LINXI, 2))
    assert await county.types(seq) == ["standby.listed"]
    for what, told in (("acceptance", {"version": 1}), ("head-counts", {"counted": 2})):
        answer = await county.desk.post("leader", f"{tomorrow}/{what}", told)
        assert "尚未到这一天" in problem(answer, 422, "invalid_input")["zh"]
    late = {**crew(LINXI, 1, 20)[0], "since": "2025-10-02T08:00:00+08:00"}
    answer = await county.desk.post("lead", f"{tomorrow}/persons", late)
    problem(answer, 422, "invalid_input")


async def test_a_roll_call_agrees_with_its_names(county: Season) -> None:
    held = await county.names(LINXI, DAY, crew(LINXI, 3))
    one = held["persons"][0]["id"]
    for told, zh in (
        ({"counted": 4}, "请先增补"),
        ({"counted": 2, "absent": [one]}, "除名须写明原因"),
        ({"counted": 2, "absent": [10**12], "reason": "x"}, "不在当前名单上"),
    ):
        answer = await county.desk.post("lead", f"{path(LINXI)}/head-counts", told)
        assert zh in problem(answer, 422, "invalid_input")["zh"]


async def test_a_return_adds_up_and_is_for_today(county: Season) -> None:
    squad = f"/api/readiness/teams/{SQUADS[0]}/returns"
    answer = await county.desk.ask("lead", "PUT", f"{squad}/{DAY}", {"on_post": 14})
    assert "合计14人,与在册15人不符" in problem(answer, 422, "invalid_input")["zh"]
    for day in ("2025-09-29", "2025-10-02"):
        problem(await county.desk.ask("lead", "PUT", f"{squad}/{day}", {"on_post": 15}), 422, "invalid_input")
    other = f"/api/readiness/teams/1/returns/{DAY}"  # makes no returns
    problem(await county.desk.ask("lead", "PUT", other, {"on_post": 12}), 404, "not_found")
    problem(await county.desk.ask("auditor", "PUT", f"{squad}/{DAY}", {"on_post": 15}), 403, "not_permitted")


async def test_an_exemption_is_of_a_whole_brigade_for_a_while(county: Season) -> None:
    told: dict[str, Any] = {"floor": 1, "until": DAY, "reason": "x"}
    where = "/api/readiness/exemptions"
    problem(await county.desk.post("leader", where, told), 422, "invalid_input")
    problem(await county.desk.post("leader", where, {**told, "team_id": SQUADS[0]}), 404, "not_found")
    far = {**told, "team_id": BRIGADE, "until": "2026-10-01"}
    problem(await county.desk.post("leader", where, far), 422, "invalid_input")
    problem(await county.desk.ask("leader", "DELETE", f"{where}/77"), 404, "not_found")
    await county.names(ZHOUWEI, DAY, crew(ZHOUWEI, 11))
    granted = await county.desk.post("zhouwei_head", where, {**told, "region_code": ZHOUWEI, "floor": 11})
    assert granted.status_code == 201
    assert (await county.township(ZHOUWEI))["state"] == "exempted"


async def test_a_rate_that_changes_leaves_alone_what_was_accepted(county: Season) -> None:
    await county.names(LINXI, DAY, crew(LINXI, 2))
    await county.accepted(LINXI, DAY)
    house = county.desk.house
    policy = standby.load_policy()
    house.__dict__["readiness"] = Rulebook(
        type(policy)(policy.rules, policy.return_due, policy.yuan_per_person_day * 2),
        house.readiness.periods,
        ZONE,
    )
    await county.names(ZHOUWEI, DAY, crew(ZHOUWEI, 2))
    await county.accepted(ZHOUWEI, DAY)
    month = await county.desk.read("leader", "/api/readiness/allowances/2025-10")
    paid = {one["region_code"]: one["yuan"] for one in month if one["person_days"]}
    assert paid == {LINXI: "200.00", ZHOUWEI: "400.00"}


async def test_the_demos_morning_is_the_scenarios(database: Database) -> None:
    await seed(database)
    now = moment("10-05 09:00")
    book = standby.load_rulebook(None, PERIODS, ZONE)
    await muster(database, book, now)
    by = Viewer(1, "leader", "centre_leader", STREAM, STREAM)
    async with database.transaction() as tx:
        short = await level(tx, STREAM, "township:990181201000", book.today(now), book, now)
        paid = await sheets.sheets(tx, by, date(2025, 10, 1), book)
    assert short is not None and (short.present, short.required, short.state) == (11, 12, "short")
    assert sum(one.person_days for one in paid) == 22 * 12 * 5 - 12  # the eleven wait for acceptance
