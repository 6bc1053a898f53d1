"""The sign of life: given while all is well, withheld when a part is ill, missed when nobody takes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.api.house import House
from app.deadman import NAME, DeadMan, NotWell, parse_signal
from tests.api.desk import settings_of
from tests.world import World

pytestmark = pytest.mark.database


class Part:
    def __init__(self, *, ok: bool) -> None:
        self.ok = ok

    def health(self) -> dict[str, object]:
        return {"ok": self.ok}


@asynccontextmanager
async def listener(status: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A dead man's switch on the loopback: its address, and the first line of each call."""
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ping/7f", heard


def dead_man(world: World, folder: Path, url: str, parts: dict[str, Part]) -> DeadMan:
    house = House(settings_of(world.database, folder), world.database, world.clock)
    house.parts.update(parts)
    address = parse_signal(url)
    assert address is not None
    return DeadMan(house, world.database, address)


async def test_while_all_is_well_somebody_outside_hears_of_it(world: World, tmp_path: Path) -> None:
    async with listener("200 OK") as (url, heard):
        # That the sign itself was not taken before is no reason to withhold it now.
        await dead_man(world, tmp_path, url, {"hub": Part(ok=True), NAME: Part(ok=False)}).look()
    assert heard == [b"GET /ping/7f HTTP/1.1"]


async def test_a_part_that_is_ill_silences_the_sign(world: World, tmp_path: Path) -> None:
    async with listener("200 OK") as (url, heard):
        with pytest.raises(NotWell, match="escalator"):
            await dead_man(world, tmp_path, url, {"hub": Part(ok=True), "escalator": Part(ok=False)}).look()
    assert heard == []


async def test_a_sign_that_nobody_takes_is_a_failure(world: World, tmp_path: Path) -> None:
    async with listener("404 Not Found") as (url, _):
        with pytest.raises(OSError, match="404"):
            await dead_man(world, tmp_path, url, {}).look()
    with pytest.raises(OSError):  # noqa: PT011  hung up, or nobody there
        await dead_man(world, tmp_path, "http://127.0.0.1:9/x", {}).look()


@pytest.mark.parametrize("url", ["ftp://x", "https://u:p@host/x", "https://host/x?secret=1", "nonsense"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https://host/path"):
        parse_signal(url)
