"""The parameters of a terminal: for device managers, told to the terminal itself, written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.devices.adapters.jt808 import Terminal
from app.devices.jt808 import terminals
from tests.api.desk import Desk, problem
from tests.devices.platform import Platform, running
from tests.devices.terminal import on_duty
from tests.devices.test_terminals import answers
from tests.world import TRUCK

pytestmark = pytest.mark.database
PATH = "/api/devices/1/terminal/parameters"


@pytest.fixture
async def floor(desk: Desk) -> AsyncIterator[Platform]:
    """The device floor behind the application."""
    async with running(desk.world) as platform:
        desk.house.parts["jt808"] = platform.terminals
        yield platform


@pytest.mark.parametrize("who", ["leader", "lead", "officer", "east", "crew", "auditor"])
async def test_only_device_managers_set_parameters(desk: Desk, who: str) -> None:
    problem(await desk.post(who, PATH, {"report_s": 30}), 403, "not_permitted")


async def test_a_terminal_that_is_not_connected_or_no_terminal_is_refused(
    desk: Desk, floor: Platform
) -> None:
    problem(await desk.post("admin", PATH, {"report_s": 30}), 409, "terminal_away")
    problem(await desk.post("admin", "/api/devices/999/terminal/parameters"), 404, "not_found")
    del desk.house.parts["jt808"]
    problem(await desk.post("admin", PATH), 409, "terminal_away")
    assert await desk.world.events() == []


@pytest.mark.parametrize("told", [{"report_s": 0}, {"server": "1.2.3.4"}, {"max_speed_kmh": 900}])
async def test_what_would_lose_the_terminal_cannot_be_set(desk: Desk, told: dict[str, object]) -> None:
    problem(await desk.post("admin", PATH, told), 422, "invalid_input")


async def test_parameters_reach_the_terminal_and_the_journal(desk: Desk, floor: Platform) -> None:
    async with on_duty(floor.port, Terminal.v2013(TRUCK)) as peer:
        asking = asyncio.create_task(desk.post("admin", PATH, {"report_s": 30, "heartbeat_s": 60}))
        told = {0x29: b"\0\0\0\x1e", 0x01: b"\0\0\0\x3c", 0x10: b"cmnet"}
        assert len(await answers(peer, told)) == 2
        answer = await asking
    assert answer.json() == {
        "state": "set",
        "named": {"report_s": 30, "heartbeat_s": 60},
        "others": {"0x0029": "0000001e", "0x0001": "0000003c", "0x0010": "636d6e6574"},
    }
    (event,) = await desk.world.events()
    assert event["type"] == "terminal.parameters"
    assert (event["wanted"], event["state"]) == ({"report_s": 30, "heartbeat_s": 60}, "set")
    assert event["actor"]["role"] == "device_admin"


async def test_when_too_many_ask_the_next_one_is_told_to_wait(
    desk: Desk, floor: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminals, "MOST_AT_ONCE", 0)
    async with on_duty(floor.port, Terminal.v2013(TRUCK)):
        problem(await desk.post("admin", PATH), 409, "terminal_busy")
