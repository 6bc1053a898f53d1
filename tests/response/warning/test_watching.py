"""What the watch does: an index over real HTTP, a folder, what runs out; each once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.response.warning.actions import sources
from app.response.warning.commands import WarningSourceIn
from app.response.warning.fetching import folder_of
from app.response.warning.store import messages
from app.response.warning.watcher import WarningWatch
from tests.response.warning.bulletins import AT, cap_xml, take, xml
from tests.world import STREAM, World

pytestmark = pytest.mark.database


class Feed:
    """A weather bureau's server on loopback; `pages` by path, `asked` are the request heads."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        self.asked.append(head)
        body = self.pages.get(path)
        if 'If-None-Match: "v1"' in head and path == "/index.xml":
            writer.write(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n")
        elif body is None:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        else:
            writer.write(
                f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body
            )
        await writer.drain()
        writer.close()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Feed]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()


async def registered(world: World, **told: object) -> int:
    one = WarningSourceIn.model_validate({"name": "国家气象中心", **told})
    made = await world.do(lambda tx: sources.make(tx, world.people["lead"], one, world.clock.now()))
    return made.id


async def looks(world: World, folder: Path) -> None:
    watch = WarningWatch(world.database, world.clock, STREAM, folder)
    await watch.look()
    await watch.settled()


async def test_an_index_is_fetched_entries_once_and_only_from_its_own_host(
    world: World, tmp_path: Path
) -> None:
    async with Feed().serving() as feed:
        feed.pages = {
            "/index.xml": b'<feed xmlns="http://www.w3.org/2005/Atom">'
            b'<entry><link href="/1.xml"/></entry>'
            b'<entry><link href="http://127.0.0.1:1/secret"/></entry></feed>',
            "/1.xml": xml("Red"),
        }
        await registered(world, means="poll", url=f"http://127.0.0.1:{feed.port}/index.xml", every_s=60)
        await looks(world, tmp_path)
        (source,) = await world.do(lambda tx: messages.sources(tx, STREAM))
        assert "同一主机" in source.trouble_zh
        assert await world.types() == ["warning.source_made", "warning.issued"]
        await looks(world, tmp_path)  # not yet
        assert len(feed.asked) == 2
        world.later(seconds=61)
        await looks(world, tmp_path)
        assert len(feed.asked) == 3  # the entry is not fetched again
        assert (await world.types()).count("warning.issued") == 1


async def test_a_bare_message_is_polled_with_its_mark_and_trouble_is_said(
    world: World, tmp_path: Path
) -> None:
    async with Feed().serving() as feed:
        feed.pages = {"/index.xml": cap_xml()}
        await registered(world, means="poll", url=f"http://127.0.0.1:{feed.port}/index.xml", every_s=10)
        await looks(world, tmp_path)
        world.later(seconds=11)
        await looks(world, tmp_path)
        assert 'If-None-Match: "v1"' in feed.asked[-1]
        (source,) = await world.do(lambda tx: messages.sources(tx, STREAM))
        assert (source.trouble_zh, source.heard_at) == ("", world.clock.now())
    world.later(seconds=11)
    await looks(world, tmp_path)
    (source,) = await world.do(lambda tx: messages.sources(tx, STREAM))
    assert source.trouble_zh.startswith("连接失败")


async def test_an_answer_without_end_is_cut_off(world: World, tmp_path: Path) -> None:
    async with Feed().serving() as feed:
        feed.pages = {"/index.xml": b" " * 3_000_000}
        await registered(world, means="poll", url=f"http://127.0.0.1:{feed.port}/index.xml")
        await looks(world, tmp_path)
        (source,) = await world.do(lambda tx: messages.sources(tx, STREAM))
        assert source.trouble_zh.startswith("回答过大")


async def test_a_folder_is_emptied_of_plain_files_and_of_nothing_else(world: World, tmp_path: Path) -> None:
    await registered(world, means="folder", every_s=10)
    (source,) = await world.do(lambda tx: messages.sources(tx, STREAM))
    folder = folder_of(tmp_path, source.key)
    folder.mkdir(parents=True)
    secret = tmp_path / "secret.xml"
    secret.write_bytes(cap_xml())
    (folder / "link.xml").symlink_to(secret)
    (folder / "a.xml").write_bytes(xml("Red"))
    (folder / "b.xml").write_bytes(b"<alert")
    (folder / "c.txt").write_bytes(b"x")
    await looks(world, tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["c.txt", "link.xml", "taken"]
    assert (await world.types())[1:] == ["warning.issued", "warning.message_refused"]


async def test_what_runs_out_is_told_by_the_watch(world: World, tmp_path: Path) -> None:
    await registered(world)
    await take(world, xml("Red", AT, hours=1))
    world.clock.advance(timedelta(hours=2))
    await looks(world, tmp_path)
    assert (await world.types())[-1] == "warning.expired"
