"""The minimum kit over HTTP: what each station of the scope lacks."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from app.org.tables import Device
from tests.api.desk import Desk, problem
from tests.world import COUNTY, EAST, EAST_BANK, HILL, RIVER, WEST

pytestmark = pytest.mark.database


async def enter(desk: Desk, kind: str, region: str, label: str, **more: Any) -> None:
    row = {
        "stream": "990181", "family": "x", "number": label, "label": label, "kind": kind,
        "region_code": region, "facts": {}, "active": True, **more,
    }  # fmt: skip
    await desk.world.do(lambda tx: tx.execute(insert(Device), [row]))


async def lines(desk: Desk, who: str, region: str, team: int | None = None) -> dict[str, Any]:
    kit = await desk.read(who, "/api/kit")
    [station] = [s for s in kit["stations"] if s["region_code"] == region and s["team_id"] == team]
    return {line["item"]: line for line in station["lines"]}


async def test_only_devices_that_work_count(desk: Desk) -> None:
    now = desk.world.clock.now()
    await enter(desk, "radio_370", EAST, "东1", tested_at=now, test_passed=True)
    await enter(desk, "radio_370", EAST, "东2", tested_at=now, test_passed=False)
    await enter(desk, "satellite_phone", EAST, "东卫星", last_heard_at=now)
    await enter(desk, "broadcast_terminal", EAST_BANK, "东岸喇叭", tested_at=now, test_passed=True)
    found = await lines(desk, "officer", EAST)
    radio = found["radio_370"]
    assert (radio["works"], [d["label"] for d in radio["broken"]], radio["missing"]) == (1, ["东2"], 0)
    assert radio["broken"][0]["why"] == "failed"
    assert radio["verdict"] == "short"
    phone = found["satellite_phone"]
    assert (phone["works"], [d["why"] for d in phone["untested"]], phone["verdict"]) == (
        0,
        ["never"],
        "untested",
    )
    assert (found["conference_room"]["missing"], found["broadcast_terminal"]["missing"]) == (1, 1)
    village = await lines(desk, "officer", EAST_BANK)
    assert (village["broadcast_terminal"]["works"], village["broadcast_terminal"]["missing"]) == (1, 1)
    await desk.world.run("UPDATE device SET active = false WHERE label = '东1'")
    assert (await lines(desk, "officer", EAST))["radio_370"]["works"] == 0


async def test_a_test_that_runs_just_now_takes_nothing_away(desk: Desk) -> None:
    await enter(desk, "radio_370", EAST, "东1", tested_at=desk.world.clock.now(), test_passed=True)
    await desk.world.run(
        "INSERT INTO device_test (stream, device_id, state, method, detail, automatic, requested_by,"
        " asked_at, deadline) SELECT stream, id, 'running', '', '', true, '', now(), now() FROM device"
        " WHERE label = '东1'"
    )
    assert (await lines(desk, "officer", EAST))["radio_370"]["works"] == 1


async def test_a_team_is_judged_by_what_it_carries(desk: Desk) -> None:
    now = desk.world.clock.now()
    await desk.world.run("UPDATE team SET kind = 'semi_pro'")
    await enter(desk, "radio_370", COUNTY, "市手1", team_id=RIVER, tested_at=now, test_passed=True)
    for who in ("officer", "east"):  # one verdict, whoever asks
        assert (await lines(desk, who, EAST, RIVER))["radio_370"]["verdict"] == "met"
    assert (await lines(desk, "officer", EAST, HILL))["radio_370"]["missing"] == 1


async def test_each_sees_the_stations_of_the_own_scope(desk: Desk) -> None:
    for who in ("officer", "admin", "auditor"):
        assert {s["region_code"] for s in (await desk.read(who, "/api/kit"))["stations"]} >= {
            COUNTY,
            EAST,
            WEST,
        }
    kit = await desk.read("east", "/api/kit")
    assert {s["region_code"][:9] for s in kit["stations"]} == {EAST[:9]}
    township = next(norm for norm in kit["norms"] if norm["station"] == "township")
    assert township["items"][0]["trust"] == "S001"
    problem(await desk.get("crew", "/api/kit"), 403, "not_permitted")


async def test_a_number_that_nobody_has_filed_fills_no_gap(desk: Desk) -> None:
    now = desk.world.clock.now()
    await enter(
        desk, "satellite_phone", EAST, "未登记", tested_at=now, test_passed=True, facts={"unregistered": True}
    )
    assert (await lines(desk, "officer", EAST))["satellite_phone"]["missing"] == 1
