"""Signalling between two nodes through real WebSockets: exactly whom it addresses, and what is measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.node import Service
from tests.nodes.cluster import nodes, session

pytestmark = pytest.mark.database
Told = dict[str, Any]


@pytest_asyncio.fixture
async def two(city_url: str, tmp_path: Path) -> AsyncIterator[list[Service]]:
    """Two nodes on one database."""
    async with nodes(city_url, tmp_path, 2) as services:
        yield services


@asynccontextmanager
async def _seat(
    service: Service, cookie: str, meeting: int, camera: str = "1"
) -> AsyncIterator[ClientConnection]:
    query = f"meeting={meeting}&camera={camera}&microphone=1"
    address = f"{service.address.replace('http', 'ws')}/ws/meeting?{query}"
    async with connect(address, additional_headers={"Cookie": f"zhishou_session={cookie}"}) as line:
        yield line


async def _hear(line: ClientConnection) -> Told:
    async with asyncio.timeout(20):
        return dict(json.loads(await line.recv()))


async def _say(line: ClientConnection, **said: object) -> None:
    await line.send(json.dumps(said))


async def _ended(line: ClientConnection) -> int | None:
    try:
        async with asyncio.timeout(20):
            while True:
                await line.recv()
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


async def _room(desk: httpx.AsyncClient, name: str) -> int:
    units = (await desk.get("/api/units")).json()
    return next(int(unit["id"]) for unit in units if unit["name_zh"].startswith(name))


async def test_two_nodes_pass_signals_on_to_exactly_whom_they_address(two: list[Service]) -> None:
    here, there = two
    linxi, zhouwei = await session(there, "linxi"), await session(there, "zhouwei")
    async with here.client("wangjun") as desk:
        rooms = [await _room(desk, "临溪镇"), await _room(desk, "永宁")]
        made = await desk.post("/api/meetings", json={"title": "汛情会商", "unit_ids": rooms})
        assert made.status_code == 201, made.text
        meeting = made.json()["id"]
        cookie = desk.cookies["zhishou_session"]
        async with _seat(here, cookie, meeting) as centre:
            welcome = await _hear(centre)
            assert (welcome["type"], welcome["caller"], welcome["peers"]) == ("welcome", True, [])
            async with _seat(there, linxi, meeting, camera="0") as town:
                met = await _hear(town)
                assert [one["id"] for one in met["peers"]] == [welcome["you"]]
                joined = await _hear(centre)
                assert (joined["type"], joined["peer"]["id"]) == ("peer_joined", met["you"])
                assert joined["peer"]["seat"].startswith("临溪镇") and joined["peer"]["camera"] is False

                # As large as descriptions get: far beyond what a NOTIFY would carry.
                large = "v=0\r\n" + "a=x" * 15_000
                await _say(town, type="describe", to=welcome["you"], kind="offer", sdp=large)
                offer = await _hear(centre)
                assert offer == {"type": "described", "sender": met["you"], "kind": "offer", "sdp": large}
                await _say(centre, type="describe", to=met["you"], kind="answer", sdp="v=0")
                assert (await _hear(town))["kind"] == "answer"
                await _say(town, type="connected")
                await _say(centre, type="shows", camera=False, microphone=False)
                assert await _hear(town) == {
                    "type": "peer_shows",
                    "peer_id": welcome["you"],
                    "camera": False,
                    "microphone": False,
                }

                # Who was not called hears nothing and is told why; who speaks otherwise is sent away.
                async with _seat(there, zhouwei, meeting) as stranger:
                    assert (await _hear(stranger))["code"] == "not_found"
                    assert await _ended(stranger) == 4404
                async with _seat(there, "nobody", meeting) as nobody:
                    assert await _ended(nobody) == 4401
                await town.send("x" * 100)
                assert await _ended(town) == 1008
            assert (await _hear(centre)) == {"type": "peer_left", "peer_id": met["you"]}
            told = (await desk.get(f"/api/meetings/{meeting}")).json()["members"][1]
            assert (told["state"], told["outcome"], told["camera"]) == ("left", "no_video", False)
            assert 0 < told["seconds"] < 20

            # The desk closes: whoever is there hears it, and the book of the journal holds no description.
            assert (await desk.post(f"/api/meetings/{meeting}/close")).status_code == 200
            assert await _hear(centre) == {"type": "over", "reason": "closed"}
            assert await _ended(centre) == 1000
        events = (await desk.get("/api/events", params={"after": 0, "limit": 1000})).text
        assert "meeting.connected" in events and "a=xa=x" not in events


async def test_an_api_token_an_auditor_and_a_login_that_ended_have_no_seat(two: list[Service]) -> None:
    here, _ = two
    async with here.client("wangjun") as desk, here.client("auditor") as auditor:
        room = await _room(desk, "临溪镇")
        meeting = (await desk.post("/api/meetings", json={"title": "会商", "unit_ids": [room]})).json()["id"]
        async with _seat(here, auditor.cookies["zhishou_session"], meeting) as line:
            assert (await _hear(line))["code"] == "not_permitted"
            assert await _ended(line) == 1008
        assert (await auditor.get("/api/meetings/mine")).json() == []
        async with _seat(here, desk.cookies["zhishou_session"], meeting) as line:
            await _hear(line)
            await desk.post("/api/logout")
            assert await _ended(line) == 4401
