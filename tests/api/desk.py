"""The application as browsers meet it, with everybody logged in already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert

from app.api.house import House
from app.api.route import COOKIE
from app.config import Settings
from app.db import Database
from app.main import create_app
from app.org.accounts import token_hash
from app.org.tables import LoginSession
from tests.world import STREAM, World


def settings_of(database: Database, folder: Path, **changes: Any) -> Settings:
    """Return settings for this database and no fixed port, whatever the environment says."""
    return Settings(
        _env_file=None,
        database_url=database.url,
        data=folder,
        stream=STREAM,
        jt808_port=0,
        serial_links="",
        allowed_origins="",
        https=False,
        nearby_fresh_s=0.0,
        **changes,
    )


@dataclass
class Desk:
    """The application without its background parts; `who` is a user name or None for a stranger."""

    world: World
    app: FastAPI
    client: httpx.AsyncClient

    @property
    def house(self) -> House:
        """What the process consists of."""
        house: House = self.app.state.house
        return house

    async def ask(
        self, who: str | None, method: str, path: str, told: Any = None, **headers: str
    ) -> httpx.Response:
        """Send one request; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent["Cookie"] = f"{COOKIE}=token-{who}"
        body = {} if told is None else {"json": told}
        return await self.client.request(method, path, headers=sent, **body)

    async def get(self, who: str | None, path: str) -> httpx.Response:
        """Read."""
        return await self.ask(who, "GET", path)

    async def post(self, who: str | None, path: str, told: Any = None, **headers: str) -> httpx.Response:
        """Command."""
        return await self.ask(who, "POST", path, told if told is not None else {}, **headers)

    async def read(self, who: str, path: str) -> Any:
        """Return what a reading that must succeed says."""
        answer = await self.get(who, path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def desk(world: World, tmp_path: Path) -> AsyncIterator[Desk]:
    """The application on this test's county."""
    async with at_desk(world, settings_of(world.database, tmp_path)) as found:
        yield found


@asynccontextmanager
async def at_desk(world: World, settings: Settings) -> AsyncIterator[Desk]:
    """Lend the application with these settings on a county, everybody logged in."""
    app = create_app(settings, world.clock)
    app.state.house.database = world.database
    app.state.house.attend(world.database)
    now = world.clock.now()
    sessions = [
        {
            "token_hash": token_of(name),
            "account_id": viewer.account_id,
            "created_at": now,
            "expires_at": now + timedelta(hours=12),
        }
        for name, viewer in world.people.items()
    ]
    await world.do(lambda tx: tx.execute(insert(LoginSession), sessions))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("10.0.0.9", 5555))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield Desk(world, app, client)


def token_of(who: str) -> str:
    """Return what is kept of the token of a user's session."""
    return token_hash(f"token-{who}")


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem document an answer must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code
    assert document["status"] == status
    assert document["zh"] and document["en"]
    assert document["detail"] == f"{document['zh']} / {document['en']}"
    return document
