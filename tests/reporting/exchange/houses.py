"""Two houses on two databases that speak over real HTTP on loopback, by one clock that is set."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import uvicorn

from app.clock import SetClock
from app.db import Database
from app.reporting.exchange.courier import Courier, ExchangeTerms
from app.reporting.exchange.post import REPORTS
from app.reporting.exchange.rules.signing import Heads, digest, headers_for, signature
from tests.api.desk import Desk, at_desk, settings_of
from tests.county import emptied
from tests.database import Postgres
from tests.world import STREAM, World, inhabited

KEY, SECRET = "zhangchuan-1", "a-secret-that-is-long-enough-to-be-one"
CITY, OURS = "市应急管理局", "樟川市应急指挥中心"
TO = [{"node": "P", "name": CITY}]


@dataclass
class Place:
    """A house: its desk, its courier, where it is served."""

    desk: Desk
    courier: Courier
    url: str

    @property
    def world(self) -> World:
        return self.desk.world

    async def did(self, who: str, path: str, told: Any = None, method: str = "POST") -> dict[str, Any]:
        answer = await self.desk.ask(who, method, path, told if told is not None else {})
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def rounds(self, count: int = 1) -> None:
        """Let the courier look and wait for what it began."""
        for _ in range(count):
            await self.courier.look()
            await self.courier.settled()

    async def register(self, **told: Any) -> dict[str, Any]:
        return await self.did("lead", "/api/exchange/peers", told)

    async def signed(
        self, by: str = "officer", addressees: list[dict[str, Any]] | None = None, **incident: Any
    ) -> dict[str, Any]:
        """A report that is signed and not sent yet."""
        about = await self.world.incident(by=by, **{"description": "3人被困屋顶", **incident})
        told = {"kind": "initial", "addressees": addressees or TO, "contact": "0790-110"}
        report = await self.did(by, f"/api/incidents/{about.id}/reports", told)
        path = f"/api/reports/{report['id']}"
        report = await self.did("lead", f"{path}/review", {"revision": report["revision"]})
        return await self.did("leader", f"{path}/sign", {"revision": report["revision"]})

    async def sent(self, **incident: Any) -> dict[str, Any]:
        report = await self.signed(**incident)
        return await self.did("officer", f"/api/reports/{report['id']}/send")

    async def report(self, report_id: int) -> dict[str, Any]:
        found: dict[str, Any] = await self.desk.read("officer", f"/api/reports/{report_id}")
        return found

    async def bodies(self) -> list[dict[str, Any]]:
        return await self.world.rows("SELECT * FROM report_outgoing ORDER BY id")


@dataclass
class Houses:
    """The county's house and the prefecture's, which knows the county as a peer."""

    ours: Place
    city: Place
    clock: SetClock

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))

    async def post(self, body: bytes, path: str = REPORTS, **changes: str) -> httpx.Response:
        """Bring a body to the city's door, signed well unless a part of it is told."""
        now = str(int(self.clock.now().timestamp()))
        heads = Heads(
            changes.get("key", KEY),
            changes.get("timestamp", now),
            changes.get("nonce", "n1"),
            changes.get("message", _id_in(body)),
        )
        signed = changes.get("signature") or signature(
            changes.get("secret", SECRET), "POST", path, heads, body
        )
        async with httpx.AsyncClient(base_url=self.city.url) as client:
            return await client.post(path, content=body, headers=headers_for(heads, signed))


def _id_in(body: bytes) -> str:
    try:
        return str(json.loads(body)["id"])
    except (ValueError, RecursionError, LookupError, TypeError):
        return "m"


@dataclass(frozen=True)
class Certificate:
    """A certificate that nobody vouches for but itself."""

    pem: Path
    key: Path

    @property
    def context(self) -> ssl.SSLContext:
        """How a server shows it."""
        found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        found.load_cert_chain(self.pem, self.key)
        return found

    @property
    def trusted(self) -> ssl.SSLContext:
        """How a client trusts it."""
        return ssl.create_default_context(cafile=self.pem)


def certificate(folder: Path) -> Certificate:
    """Make a certificate for 127.0.0.1."""
    made = Certificate(folder / "server.pem", folder / "server.key")
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(made.key), "-out", str(made.pem)),
        ],
        check=True,
        capture_output=True,
    )
    return made


@asynccontextmanager
async def served(app: Any, certificate: Certificate | None = None) -> AsyncIterator[int]:
    """Serve an application on a loopback port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_level="warning",
        ws="none",
        ssl_certfile=str(certificate.pem) if certificate else None,
        ssl_keyfile=str(certificate.key) if certificate else None,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    async with asyncio.timeout(20):
        while not server.started:  # noqa: ASYNC110 (it tells nobody)
            await asyncio.sleep(0.005)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        listener.close()


async def place(stack: AsyncExitStack, database: Database, clock: SetClock, folder: Path) -> Place:
    """Put a house up: its people, its desk, its server, its courier that looks when it is told."""
    settings = settings_of(database, folder, exchange_keys=f"{KEY}={SECRET}")
    desk = await stack.enter_async_context(at_desk(await inhabited(database, clock), settings))
    port = await stack.enter_async_context(served(desk.app))
    courier = Courier(database, clock, STREAM, desk.house.exchange)
    return Place(desk, courier, f"http://127.0.0.1:{port}")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def city_house_url(postgres: Postgres) -> AsyncIterator[str]:
    """The URL of the other house's database, with the schema."""
    async with postgres.fresh() as url:
        yield url


@pytest.fixture
async def houses(
    county: Database, city_house_url: str, clock: SetClock, tmp_path: Path
) -> AsyncIterator[Houses]:
    """The county's house reports to the city's, each with a database of its own."""
    async with AsyncExitStack() as stack:
        above = await stack.enter_async_context(emptied(city_house_url))
        ours = await place(stack, county, clock, tmp_path / "ours")
        city = await place(stack, above, clock, tmp_path / "city")
        await ours.register(node="P", name=CITY, url=city.url, key_id=KEY, phone="0790-8123")
        await city.register(node="D", name=OURS, url=ours.url, key_id=KEY, scope=STREAM)
        yield Houses(ours, city, clock)


def terms(place: Place, **changes: Any) -> ExchangeTerms:
    """The house's terms, some of them changed."""
    return replace(place.desk.house.exchange, **changes)


__all__ = [
    "CITY",
    "KEY",
    "OURS",
    "SECRET",
    "TO",
    "Certificate",
    "Houses",
    "Place",
    "certificate",
    "digest",
    "houses",
    "served",
    "terms",
]
