"""Two thousand connections of garbage: counted, cut, forgotten — and the good terminal does not notice."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from app.demo.movement import Motion
from app.simulators.firmware import TypePlate
from app.simulators.terminal import Pace, Terminal
from tests.node import Service

GOOD = "19900010006"
CONNECTIONS = 2000
GARBAGE = random.Random(7).randbytes(8 * 1024)
GROWTH_LIMIT_MIB = 80

pytestmark = pytest.mark.database


async def test_two_thousand_connections_of_garbage_do_not_slow_a_good_terminal(
    city_url: str, tmp_path: Path
) -> None:
    async with Service(city_url, tmp_path) as service, service.client("wangjun") as desk:
        before = _memory_mib(service)
        crowd = [asyncio.create_task(_babble(service.jt808_port, number)) for number in range(CONNECTIONS)]
        terminal = Terminal(
            TypePlate(GOOD, "樟Z12345"),
            "127.0.0.1",
            service.jt808_port,
            lambda: Motion(115.5, 27.9, 0.0, 0.0),
            pace=Pace(period_s=0.2, sos_s=0.2, retry_s=0.05),
        )
        driving = asyncio.create_task(terminal.run())
        try:
            await asyncio.wait_for(terminal.online.wait(), 20)
            pressed = time.monotonic()
            terminal.press_sos()
            while not (await desk.get("/api/snapshot")).json()["alarms"]:
                assert time.monotonic() - pressed < 30, "the good terminal's SOS drowned in garbage"
                await asyncio.sleep(0.05)
            cut = await asyncio.gather(*crowd)
            assert all(cut), "every babbling line was cut by the service"
            assert _memory_mib(service) - before < GROWTH_LIMIT_MIB, "memory stays flat"
            metrics = (await desk.get("/metrics")).text
            assert 'zhishou_device_garbage_total{family="jt808"' in metrics
            assert 'zhishou_device_link_ends_total{family="jt808",reason="garbage"}' in metrics
            assert (await desk.get("/api/health")).json()["parts"]["jt808"]["terminals"] == 1
            logged = service.log_path.read_text().count('"event": "garbage"')
            assert 0 < logged < 500, "garbage is logged in hex, with a limit"
        finally:
            await terminal.close()
            driving.cancel()
            with suppress(asyncio.CancelledError):
                await driving


async def test_requests_that_never_end_hold_nobody_up(city_url: str, tmp_path: Path) -> None:
    async with Service(city_url, tmp_path) as service, service.client("responder1") as phone:
        head = (
            "POST /api/positions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Content-Length: 60\r\nCookie: zhishou_session={phone.cookies['zhishou_session']}\r\n\r\n{{"
        )
        lines = [await asyncio.open_connection("127.0.0.1", service.port) for _ in range(60)]
        for _, writer in lines:
            writer.write(head.encode())
        began = time.monotonic()
        assert (await phone.get("/api/snapshot")).status_code == 200
        assert (await phone.get("/api/health")).json()["status"] == "ok"
        assert time.monotonic() - began < 5
        for _, writer in lines:
            writer.close()


async def test_a_half_open_line_of_a_terminal_is_taken_over_by_its_next_connection(
    city_url: str, tmp_path: Path
) -> None:
    async with Service(city_url, tmp_path) as service, service.client("wangjun") as desk:
        for _ in range(2):  # the first one is never closed by us: its cable was pulled
            terminal = Terminal(
                TypePlate(GOOD, "樟Z12345"),
                "127.0.0.1",
                service.jt808_port,
                lambda: Motion(115.5, 27.9, 0.0, 0.0),
                pace=Pace(period_s=5, retry_s=60),
            )
            task = asyncio.create_task(terminal.run())
            await asyncio.wait_for(terminal.online.wait(), 20)
            assert await _terminals(desk) == 1
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _terminals(desk: httpx.AsyncClient) -> int:
    return int((await desk.get("/api/health")).json()["parts"]["jt808"]["terminals"])


async def _babble(port: int, number: int) -> bool:
    """Speak nonsense until the service hangs up; True if it did."""
    await asyncio.sleep(number / CONNECTIONS)  # a storm of a second, not one burst of SYNs
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for _ in range(64):
            writer.write(GARBAGE[number % 512 :])
            await asyncio.wait_for(writer.drain(), 30)
            if reader.at_eof() or writer.is_closing():
                return True
            await asyncio.sleep(0)
        return await asyncio.wait_for(reader.read(), 30) is not None
    except ConnectionError:
        return True
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def _memory_mib(service: Service) -> float:
    status = Path(f"/proc/{service.pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(resident.split()[1]) / 1024
