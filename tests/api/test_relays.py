"""Relay failures over HTTP: who fell silent, and which townships lose which groups."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from app.dispatch.actions import intake
from app.org import store as org
from app.org.tables import Device
from app.signals import Trouble
from tests.api.desk import Desk, problem
from tests.world import COUNTY, EAST, EAST_HILL, STREAM, WEST

pytestmark = pytest.mark.database


async def relay(desk: Desk, number: str, **more: Any) -> None:
    row = {
        "stream": STREAM, "family": "repeater", "number": number, "label": f"{number}号中转台",
        "kind": "repeater", "region_code": EAST_HILL, "facts": {}, "active": True,
        "lon": 118.22, "lat": 28.52, "coverage_km": 5.0,
        "talk_groups": ["1", "101"], "last_heard_at": desk.world.clock.now(), **more,
    }  # fmt: skip
    await desk.world.do(lambda tx: tx.execute(insert(Device), [row]))


async def tell(desk: Desk, number: str, kind: str, text: str = "") -> None:
    async def hear(tx: Any) -> None:
        device = await org.device_by_number(tx, ("repeater",), number)
        assert device is not None
        trouble = Trouble(kind, f"{kind}-1", text)  # type: ignore[arg-type]
        await intake.hear_trouble(tx, device, trouble, b"", desk.world.clock.now())

    await desk.world.do(hear)


async def failures(desk: Desk, who: str = "officer") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.read(who, "/api/relay-failures"))["failures"]
    return found


async def test_a_silent_relay_names_the_townships_and_groups_that_are_lost(desk: Desk) -> None:
    heard = desk.world.clock.now()
    await relay(desk, "1")
    await relay(desk, "2", last_heard_at=None)  # never heard is not lost, and it covers nothing more
    assert await failures(desk) == []
    desk.world.later(minutes=31)
    await desk.world.run("UPDATE device SET talk_groups = '{1}' WHERE number = '2'")
    [one] = await failures(desk)
    assert (one["trouble"], one["grade"], one["since"]) == (
        "silent",
        "lost",
        heard.isoformat().replace("+00:00", "Z"),
    )
    assert one["groups_lost"] == ["101"]  # the other one carries group 1
    [east] = one["places"]
    assert (east["region_code"], east["name"], east["lost"], east["of"]) == (EAST, "东镇", 3, 3)
    assert (east["names"], east["groups"]) == (["东镇", "东岸村", "东山村"], ["101"])
    report = await desk.read("officer", "/api/relay-failures")
    assert (report["total"], report["never_heard"]) == (2, 1)


async def test_a_fault_that_a_relay_tells_stands_until_somebody_settles_it(desk: Desk) -> None:
    await relay(desk, "1")
    await tell(desk, "1", "power_lost")
    [one] = await failures(desk)
    assert (one["trouble"], one["grade"]) == ("power_lost", "at_risk")
    assert one["places"]  # what would be lost
    await tell(desk, "1", "fault", "驻波比过高")
    [one] = await failures(desk)
    assert (one["trouble"], one["grade"], one["text"]) == ("fault", "lost", "驻波比过高")
    await desk.world.run("UPDATE alarm SET state = 'dismissed'")
    assert await failures(desk) == []


async def test_a_relay_that_failed_its_test_or_is_out_of_service_is_lost(desk: Desk) -> None:
    await relay(desk, "1", test_passed=False, tested_at=desk.world.clock.now())
    await relay(desk, "2", active=False, coverage_km=None)
    found = {one["number"]: one for one in await failures(desk)}
    assert (found["1"]["trouble"], found["2"]["trouble"]) == ("failed", "off")
    assert (found["2"]["coverage_known"], found["2"]["places"]) == (False, [])


async def test_a_township_hears_of_relays_that_reach_it_wherever_they_stand(desk: Desk) -> None:
    await relay(desk, "1", region_code=COUNTY, active=False)  # on a top between the townships
    await relay(desk, "2", lon=118.1, lat=28.4, region_code=WEST, active=False)
    await relay(desk, "3", coverage_km=300.0, region_code=COUNTY, active=False)
    assert [one["number"] for one in await failures(desk, "east")] == ["1", "3"]
    assert [one["number"] for one in await failures(desk, "west")] == ["2", "3"]
    assert {place["region_code"] for one in await failures(desk, "west") for place in one["places"]} == {WEST}
    problem(await desk.get("crew", "/api/relay-failures"), 403, "not_permitted")
