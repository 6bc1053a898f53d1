"""Who connects and asks nothing is let go; everybody else is served meanwhile."""

from __future__ import annotations

import asyncio
import resource
import socket
import subprocess
import sys
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, WebSocket
from websockets.asyncio.client import connect

from app import patient_http
from app.patient_http import PatientHttp
from app.preflight import raise_file_limit
from app.realtime.protocol import DirectProtocol

HALF_OPEN = 10_000
# Another process: one may not have both ends of so many open.
_OPENS = """
import socket, sys, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
lines = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20) for _ in range(int(sys.argv[2]))]
print("open", flush=True)
assert all(line.recv(1) == b"" for line in lines)
print("let go", flush=True)
"""


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server that waits for half a second instead of ten."""
    monkeypatch.setattr(patient_http, "HEAD_WITHIN_S", 0.5)
    app = FastAPI()

    @app.get("/")
    async def well() -> str:
        return "well"

    @app.post("/slow")
    async def slow(words: list[str]) -> int:
        await asyncio.sleep(0.8)
        return len(words)

    @app.websocket("/ws")
    async def screen(websocket: WebSocket) -> None:
        await websocket.accept()
        while True:
            await websocket.send_text(await websocket.receive_text())

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, http=PatientHttp, ws=DirectProtocol, lifespan="off", log_level="warning")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        yield int(listener.getsockname()[1])
        server.should_exit = True
        await serving


async def _cut(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(20):
        return await reader.read()


async def test_ten_thousand_half_open_connections_are_let_go_while_others_are_served(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_file_limit()
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < HALF_OPEN + 500:
        pytest.skip("this account may not have so many files open")
    monkeypatch.setattr(patient_http, "HEAD_WITHIN_S", 8)  # until all have come
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _OPENS, str(port), str(HALF_OPEN), stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        assert await other.stdout.readline() == b"open\n"
        answers = await asyncio.gather(*(client.get(f"http://127.0.0.1:{port}/") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert await other.stdout.read() == b"let go\n"
        assert await other.wait() == 0


async def test_a_head_that_comes_byte_by_byte_is_not_waited_for(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    ended = asyncio.create_task(_cut(reader))
    for letter in b"GET / HTTP/1.1\r\nHost: " + b"x" * 200:
        writer.write(bytes((letter,)))
        await asyncio.sleep(0.05)
        if ended.done():
            break
    assert await ended == b""
    writer.close()


async def test_who_was_served_and_asks_again_and_who_takes_long_to_be_answered_are_not_cut(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(3):
            assert (await client.get("/")).json() == "well"
            await asyncio.sleep(0.3)
        assert (await client.post("/slow", json=["a", "b"])).json() == 2


async def test_a_screen_stays_open_however_little_is_said(port: int) -> None:
    async with connect(f"ws://127.0.0.1:{port}/ws", proxy=None) as line:
        await asyncio.sleep(0.8)
        await line.send("still here")
        assert await line.recv() == "still here"
