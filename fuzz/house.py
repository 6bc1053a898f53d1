"""The real service on the fictional city, for fuzzing by hand; tests have fixtures of their own."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from app.stage.seed import DEMO_PASSWORD
from tests.database import Postgres, embedded_url
from tests.node import Service


@asynccontextmanager
async def house() -> AsyncIterator[Service]:
    """Run a node on a city of its own while the block lasts."""
    with tempfile.TemporaryDirectory() as folder, embedded_url() as url:
        postgres = Postgres(url)
        await postgres.make_hasty()
        async with postgres.city() as city, Service(city, Path(folder), cold=True) as service:
            yield service
        await postgres.drop_all()


def login(address: str, username: str) -> str:
    """Return the cookie of a new session."""
    with httpx.Client(base_url=address, timeout=30) as client:
        answer = client.post("/api/login", json={"username": username, "password": DEMO_PASSWORD})
        answer.raise_for_status()
        return str(answer.cookies["zhishou_session"])
