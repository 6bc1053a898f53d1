from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.devices.adapters import rdss21, rdss40
from app.devices.adapters.rdss21 import cctxa
from app.devices.adapters.rdss40.encode import icjc
from app.simulators import command, demo
from app.simulators.command import simulate_beidou, simulate_demo, simulate_fleet, simulate_terminal
from tests.simulators.host import plugged_in
from tests.simulators.platform import Platform


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with Platform().running() as platform:
        yield platform


@asynccontextmanager
async def running(program: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Run a command until Ctrl-C; nothing of it is left afterwards."""
    before = asyncio.all_tasks()
    task = asyncio.create_task(program)
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(30):
            while not asyncio.all_tasks() <= before:  # noqa: ASYNC110  until the platform sees the end
                await asyncio.sleep(0.001)


async def appears(path: Path) -> str:
    async with asyncio.timeout(30):
        while not os.path.exists(path):  # noqa: ASYNC110, ASYNC240  a file system tells nobody
            await asyncio.sleep(0.001)
    return str(path)


@pytest.mark.parametrize("layout_2019", [False, True])
async def test_one_terminal_calls_for_help_after_a_while(platform: Platform, *, layout_2019: bool) -> None:
    program = simulate_terminal(
        "127.0.0.1", platform.port, "19900010001", sos_after_s=0.05, layout_2019=layout_2019
    )
    async with running(program):
        await platform.until(platform.distress)
        platform.send_text("收到,马上到")
        await platform.until_heard("0x0001")


async def test_the_fleet_drives_and_hears(platform: Platform) -> None:
    async with running(simulate_fleet("127.0.0.1", platform.port, period_s=0.5)):
        await platform.until(lambda: len({reading.sender for reading in platform.heard}) == 33)
        platform.send_text("路上小心")
        await platform.until_heard("0x0001")


async def test_the_command_machine_stands_behind_a_link_that_keeps_its_name(tmp_path: Path) -> None:
    link = tmp_path / "beidou"
    link.symlink_to("/dev/pts/long-gone")
    async with (
        running(simulate_beidou(link, sos_after_s=0.1)),
        plugged_in(await appears(link), rdss21.ADAPTER.codec()) as host,
    ):
        assert (await host.ask(cctxa(500123, "回复1收到"))).kind == "BDFKI"
        assert (await host.next()).fields["text"] == demo.RANGER_CALL
    assert not link.is_symlink()


async def test_the_command_machine_speaks_the_binary_protocol_when_asked(tmp_path: Path) -> None:
    link = tmp_path / "beidou"
    async with (
        running(simulate_beidou(link, rdss40=True)),
        plugged_in(await appears(link), rdss40.ADAPTER.codec()) as host,
    ):
        assert (await host.ask(icjc())).kind == "ICXX"


async def test_a_file_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    link = tmp_path / "beidou"
    link.write_text("precious")
    with pytest.raises(FileExistsError, match="in the way"):
        await simulate_beidou(link)
    assert link.read_text() == "precious"


async def test_the_whole_demo_runs_behind_one_command(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "Story", lambda: demo.Story(after_s=0.2, vehicle_later_s=0.1))
    link = tmp_path / "beidou"
    async with running(simulate_demo("127.0.0.1", platform.port, link, period_s=0.2)):
        async with plugged_in(await appears(link), rdss21.ADAPTER.codec()) as host:
            while "text" not in (heard := await host.next()).fields:
                pass  # positions come whenever they like
            assert heard.fields["text"] == demo.RANGER_CALL
        await platform.until(platform.distress)
    assert not link.is_symlink()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_the_link_is_removed_however_the_simulator_is_ended(
    tmp_path: Path, how: signal.Signals
) -> None:
    link = tmp_path / "sbd"
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app.cli", "simulate", "sbd", str(link)),
        stderr=asyncio.subprocess.DEVNULL,
        # A run in the background of a shell ignores Ctrl+C, and so would this child of it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    await appears(link)
    child.send_signal(how)
    async with asyncio.timeout(30):
        code = await child.wait()
    assert not link.is_symlink()
    if how is signal.SIGTERM:
        assert code == 0
