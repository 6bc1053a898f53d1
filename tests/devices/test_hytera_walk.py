"""The demo's radios on foot, and the whole simulator against the driver."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from app.demo.movement import route_along
from app.simulators import command
from app.simulators.hytera import RepeaterMachine
from app.simulators.hytera_air import LP, RCP, RRS, TMP
from app.simulators.hytera_walk import PACE_MPS, Walkers, along
from tests.devices.cable import until

ROAD = route_along(((115.0, 28.0), (115.0, 28.01), (115.01, 28.01)))


def test_a_walk_goes_up_the_road_and_down_again() -> None:
    half = ROAD.length_m
    assert along(ROAD, 0) == (115.0, 28.0)
    assert along(ROAD, half) == (115.01, 28.01)
    assert along(ROAD, half - 100) == along(ROAD, half + 100)
    assert along(ROAD, 2 * half) == (115.0, 28.0)


async def test_radios_move_at_a_walking_pace() -> None:
    seconds = 0.0
    machine = RepeaterMachine({})
    walkers = Walkers(machine, 370_021, 2, now=lambda: seconds)
    before = [radio.where() for radio in walkers.radios]
    seconds = 60.0
    after = [radio.where() for radio in walkers.radios]
    for (lon, lat), (to_lon, to_lat) in zip(before, after, strict=True):
        metres = (((to_lon - lon) * 98_000) ** 2 + ((to_lat - lat) * 111_000) ** 2) ** 0.5
        assert 0.8 * PACE_MPS * 60 < metres < 1.2 * PACE_MPS * 60


async def test_the_command_waits_for_the_centre_and_then_registers_its_radios(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A centre written by hand: it greets, acknowledges everything and says nothing else."""
    heard: list[bytes] = []

    class Centre(asyncio.DatagramProtocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            if data[3] & 0x04:
                self.transport.sendto(bytes.fromhex("324200050000"), addr)
            elif data[3] == 0x20:
                heard.append(data)
                self.transport.sendto(b"2B\0\x01" + data[4:6], addr)

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Centre, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    ports = {(service, slot): port for service in (RRS, LP, TMP, RCP) for slot in (1, 2)}
    machine = RepeaterMachine(ports)
    monkeypatch.setattr(command, "RepeaterMachine", lambda **_: machine)
    task = asyncio.create_task(command.simulate_hytera(radios=2, period_s=1, sos_after_s=None))
    try:
        await until(lambda: len(heard) >= 5)  # two register, two report, one talks
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        transport.close()
    registered = [int.from_bytes(one[-5:-2], "big") for one in heard if one[15:18] == b"\x11\x00\x03"]
    assert sorted(registered) == [370_021, 370_022]
