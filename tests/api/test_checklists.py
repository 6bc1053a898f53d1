"""Checklists over HTTP: live facts, evidence that is given, runs out and is revoked, and whose they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from app.org.tables import Device, Person
from tests.api.desk import Desk, desk, problem
from tests.duty.county import settle_in
from tests.world import EAST, EAST_BANK, RIVER, WEST, WEST_LAKE

__all__ = ["desk"]
pytestmark = pytest.mark.database
TODAY = "2025-06-18"
RAN_OUT = {"first": date(2024, 12, 19), "last": date(2025, 6, 17)}


async def place(desk: Desk, code: str, who: str = "officer") -> dict[str, Any]:
    """Return a township of the board."""
    found = await desk.read(who, "/api/checklists")
    return next(dict(one) for one in found["townships"] if one["region_code"] == code)


async def state(desk: Desk, code: str, key: str) -> tuple[str, str]:
    """Return how an item of a place stands, and why."""
    found = (await desk.read("officer", f"/api/checklists/{code}"))["place"]
    item = next(one for one in found["items"] if one["key"] == key)
    return item["state"], ";".join(one["zh"] for one in item["reasons"])


async def give(desk: Desk, code: str, key: str, who: str = "east", **more: Any) -> Any:
    """Tick an item."""
    told = {"item": key, "note": "现场查看,牌子齐全", **more}
    return await desk.post(who, f"/api/checklists/{code}/evidence", told)


async def test_a_station_is_staffed_once_it_has_six_people_of_whom_two_are_full_time(desk: Desk) -> None:
    key = "eight.organisation"
    assert await state(desk, EAST, key) == ("short", "未设工作机构")
    await desk.world.run(
        "INSERT INTO org_unit (id, kind, name_zh, name_en, region_code)"
        " VALUES (900, 'township', '东镇站', '', :at)",
        at=EAST,
    )
    people = [
        {"name_zh": f"员{n}", "region_code": EAST, "unit_id": 900, "phones": [], "full_time": n < 2}
        for n in range(6)
    ]
    await desk.world.do(lambda tx: tx.execute(insert(Person), people))
    assert (await state(desk, EAST, key))[0] == "met"
    await desk.world.run("UPDATE person SET full_time = false WHERE name_zh = '员1'")
    assert (await state(desk, EAST, key))[0] == "short"


async def test_the_platform_needs_people_on_duty_now_and_a_kit_that_works(desk: Desk) -> None:
    key = "eight.platform"
    assert "未设值班岗位" in (await state(desk, EAST, key))[1]
    await desk.world.do(settle_in)
    assert "现在无人在班" in (await state(desk, EAST, key))[1]
    await desk.world.run(
        "INSERT INTO shift (stream, post_id, seat_id, person_id, starts_at, ends_at, source, state, made_at)"
        " SELECT '990181', s.post_id, s.id, 199 + row_number() OVER (), t.now, t.now + interval '1 day',"
        " 'roster', 'planned', t.now FROM (SELECT CAST(:now AS timestamptz) AS now) t, duty_seat s,"
        " generate_series(1, s.needed) WHERE s.post_id = 2",
        now=desk.world.clock.now(),
    )
    assert (await state(desk, EAST, key))[0] == "short"  # the kit
    kit = {"satellite_phone": 1, "conference_room": 1, "broadcast_terminal": 1, "radio_370": 2}
    row = {"stream": "990181", "family": "x", "region_code": EAST, "facts": {}, "active": True}
    tested = {"tested_at": desk.world.clock.now(), "test_passed": True}
    devices = [
        {**row, **tested, "kind": kind, "number": f"{kind}{n}", "label": f"{kind}{n}"}
        for kind, count in {**kit, "beidou_terminal": 1}.items()
        for n in range(count)
    ]
    await desk.world.do(lambda tx: tx.execute(insert(Device), devices))
    assert (await state(desk, EAST, key))[0] == "met"
    await desk.world.run("UPDATE device SET test_passed = false WHERE label = 'satellite_phone0'")
    assert "最低配备不足" in (await state(desk, EAST, key))[1]


async def test_a_rescue_team_counts_while_it_has_people_and_stands_by(desk: Desk) -> None:
    assert (await state(desk, EAST, "eight.rescue_team"))[0] == "short"  # none of that kind
    await desk.world.run("UPDATE team SET kind = 'semi_pro' WHERE id = :id", id=RIVER)
    assert await state(desk, EAST, "eight.rescue_team") == ("met", "江河救援队12人;备勤中")
    await desk.world.run("UPDATE team SET standby = false, standby_strength = 0")
    assert (await state(desk, EAST, "eight.rescue_team"))[0] == "short"
    await desk.world.run("UPDATE team SET region_code = :at", at=EAST_BANK)
    assert (await state(desk, EAST_BANK, "five.rescue_team"))[0] == "met"  # a village's team need not


async def test_evidence_ticks_an_item_until_it_runs_out_or_is_revoked_and_stays_in_the_history(
    desk: Desk,
) -> None:
    key = "eight.warehouse"
    assert (await state(desk, EAST, key))[0] == "unknown"
    answer = await give(desk, EAST, key, seen_on="2025-06-10")
    assert answer.status_code == 201, answer.text
    given = answer.json()
    assert (given["seen_on"], given["expires_on"], given["given_by"]) == (
        "2025-06-10",
        "2025-12-07",
        "东镇值班员",
    )
    assert (await state(desk, EAST, key))[0] == "met"
    await desk.world.run("UPDATE readiness_evidence SET seen_on = :first, expires_on = :last", **RAN_OUT)
    assert (await state(desk, EAST, key))[0] == "expired"
    again = (await give(desk, EAST, key, who="officer")).json()
    assert (await state(desk, EAST, key))[0] == "met"

    path = f"/api/checklists/evidence/{again['id']}/revocation"
    assert (await desk.post("east", path, {"reason": ""})).status_code == 422
    assert (await desk.post("east", path, {"reason": "仓库已搬"})).status_code == 201
    problem(await desk.post("east", path, {"reason": "再撤"}), 409, "evidence_revoked")
    assert (await state(desk, EAST, key))[0] == "expired"
    history = (await desk.read("east", f"/api/checklists/{EAST}"))["history"]
    assert [(one["id"], one["revoked_by"], one["revoked_reason"]) for one in history] == [
        (again["id"], "东镇值班员", "仓库已搬"),
        (given["id"], None, ""),
    ]
    types = await desk.world.types()
    assert types == ["readiness.evidence_given"] * 2 + ["readiness.evidence_revoked"]


async def test_what_the_product_knows_by_itself_cannot_be_ticked(desk: Desk) -> None:
    problem(await give(desk, EAST, "eight.platform"), 409, "computed_item")
    for key in ("five.grid", "eight.moon", "six.x"):  # not on a township's list, or on none
        assert (await give(desk, EAST, key)).status_code == 404
    for day in ("2025-06-19", "2024-06-17"):  # tomorrow; so long ago that it has run out
        assert (await give(desk, EAST, "eight.plans", seen_on=day)).status_code == 422
    assert await desk.world.types() == []


async def test_villages_are_counted_at_their_township(desk: Desk) -> None:
    await desk.world.run("UPDATE team SET kind = 'village_detachment', region_code = :at", at=EAST_BANK)
    for key in ("five.grid", "five.service_point", "five.shelter", "five.education"):
        assert (await give(desk, EAST_BANK, key)).status_code == 201
    east = await place(desk, EAST)
    assert (east["villages"]["villages"], east["villages"]["complete"], east["villages"]["percent"]) == (
        2,
        1,
        50,
    )
    assert east["villages"]["met_by_item"]["five.grid"] == 1
    assert (east["met"], east["total"], east["percent"]) == (0, 8, 0)
    board = await desk.read("officer", "/api/checklists")
    assert (board["percent"], board["villages_percent"], board["today"]) == (0, 33, TODAY)
    detail = await desk.read("officer", f"/api/checklists/{EAST}")
    assert [one["percent"] for one in detail["villages"]] == [100, 0]


async def test_each_sees_and_ticks_only_the_own_places(desk: Desk) -> None:
    assert (await give(desk, WEST, "eight.plans", who="west")).status_code == 201

    def codes(found: Any) -> list[str]:
        return [one["region_code"] for one in found["townships"]]

    assert codes(await desk.read("officer", "/api/checklists")) == [EAST, WEST]
    assert codes(await desk.read("officer", f"/api/checklists?region={WEST}")) == [WEST]
    assert codes(await desk.read("east", "/api/checklists?region=990181")) == [EAST]
    for path in (f"/api/checklists?region={WEST}", f"/api/checklists/{WEST}", f"/api/checklists/{WEST_LAKE}"):
        assert (await desk.get("east", path)).status_code == 404
    assert (await give(desk, WEST, "eight.plans", who="east")).status_code == 404
    (west,) = await desk.world.rows("SELECT id FROM readiness_evidence")
    path = f"/api/checklists/evidence/{west['id']}/revocation"
    assert (await desk.post("east", path, {"reason": "不对"})).status_code == 404
    assert (await give(desk, EAST, "eight.plans", who="auditor")).status_code == 403
    for who in ("crew", "admin"):
        assert (await desk.get(who, "/api/checklists")).status_code == 403
    assert (await desk.get(None, "/api/checklists")).status_code == 401
