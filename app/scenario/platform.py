"""A county's broadcast platform over real HTTP on the loopback, at its other end the county's own wire."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import uvicorn
from fastapi import FastAPI

from app.background import Lookout
from app.broadcast.settings import sender_code
from app.broadcast.wire.carrier import Carrier
from app.clock import SetClock
from app.codecs.ebm import trial
from app.codecs.ebm.certificate import trusted
from app.codecs.ebm.signature import SoftwareSigner
from app.scenario.terms import CannotFind
from app.simulators.broadcast_bytes import Speaker
from app.simulators.broadcast_command import TRIAL_KEY
from app.simulators.broadcast_platform import BroadcastPlatform
from app.stage.broadcast import PLATFORM_CODE, STREAM
from app.stage.loudspeakers import KEY

DOOR = "/EB/ebdsvc.html"


class Platform:
    """The simulated platform, and the rounds of the carrier that speaks with it."""

    def __init__(self, clock: SetClock, folder: Path) -> None:
        self._clock = clock
        self._keys = folder / "broadcast.keys"
        self._carrier: Carrier
        self._there = BroadcastPlatform(
            PLATFORM_CODE,
            sender_code(STREAM),
            signer=SoftwareSigner(TRIAL_KEY, trial.PLATFORM[7:13].hex()),
            trust=trusted([trial.CA], [trial.PLATFORM]),
            now=clock.now,
        )

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Platform]:
        """Let the platform listen while the block lasts."""
        self._keys.touch(mode=0o600)
        self._keys.write_text(f"{KEY} = {TRIAL_KEY.hex()} {trial.PLATFORM.hex()}\n", encoding="ascii")
        async with self._there.serving():
            yield self

    def settings(self) -> Mapping[str, Any]:
        """Return what the house must know of its own key."""
        return {"broadcast_keys_file": self._keys, "demo": True}

    @asynccontextmanager
    async def joined(self, app: FastAPI, watchers: Mapping[str, Lookout]) -> AsyncIterator[Platform]:
        """Serve the house on a loopback port, where the platform posts to, while the block lasts."""
        self._carrier = cast("Carrier", watchers["broadcast_wire"])
        async with _served(app) as port, self._carrier.attended():
            self._there.centre_url = f"http://127.0.0.1:{port}{DOOR}"
            yield self

    async def does(self, told: Mapping[str, Any]) -> Any:
        """Do what the script says: `peer`, `register`, `failing`, `play`, `finish`, `rounds`."""
        there = self._there
        if "peer" in told:
            return self._peer()
        if "register" in told:
            await self._register(told["register"], {str(one) for one in told.get("off", ())})
        if "failing" in told:
            there.bad.failing = {str(one) for one in told["failing"]}
        for what, work in (("report", there.report), ("play", there.play), ("finish", there.finish)):
            if what in told:
                if told[what] not in there.played:
                    raise CannotFind(
                        f"平台没有收到消息{told[what]}", f"the platform has no message {told[what]}"
                    )
                await work(str(told[what]))
        await self._rounds(int(told.get("rounds", 1)))
        return {
            "heard": [packet.kind for packet in there.heard],
            "played": {
                key: {
                    "state": one.state,
                    "areas": sorted({area for each in one.message.contents for area in each.areas}),
                    "severity": one.message.basics.severity if one.message.basics else None,
                    "event_type": one.message.basics.event_type if one.message.basics else None,
                    "msg_type": one.message.basics.msg_type if one.message.basics else None,
                    "related": one.message.related,
                    "speakers": len(one.speakers),
                }
                for key, one in there.played.items()
            },
        }

    async def _register(self, rows: list[Mapping[str, Any]], off: set[str]) -> None:
        """Have these terminals of the county's register, some switched off, and tell the centre so."""
        for one in rows:
            code = str(one["resource_code"])
            there = Speaker(code, str(one["name"]), state=2 if code in off else 1)
            self._there.speakers[code] = there
        for kind in ("EBRDTInfo", "EBRDTState"):
            await self._there.tell(kind)

    def _peer(self) -> Mapping[str, Any]:
        """Return what a person writes into the register so that the two know each other."""
        return {
            "our_resource_code": sender_code(STREAM),
            "url": self._there.url,
            "allowed": ["127.0.0.1"],
            "authorities": [trial.CA.hex()],
            "certificates": [trial.PLATFORM.hex()],
            "key_id": KEY,
        }

    async def _rounds(self, times: int) -> None:
        for _ in range(times):
            await self._carrier.look()
            await self._carrier.settled()
            await self._there.settled()
            await self._carrier.take_up()


@asynccontextmanager
async def _served(app: FastAPI) -> AsyncIterator[int]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning", ws="none"))
    serving = asyncio.create_task(server.serve([listener]))
    async with asyncio.timeout(20):
        while not server.started:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.005)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        listener.close()
