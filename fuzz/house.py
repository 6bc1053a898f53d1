"""The real service on the fictional city, for fuzzing by hand; tests have fixtures of their own."""

from __future__ import annotations

import tempfile
import time
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


_KNOWN: dict[str, str] = {}  # what makes a browser known, which whoever guesses from this address is not
_PATIENT = 30  # times a refused login waits as long as it is told to


def login(address: str, username: str) -> str:
    """Return the cookie of a new session. The service slows an address that guesses, as the fuzzer does."""
    with httpx.Client(base_url=address, timeout=30, cookies=_KNOWN) as client:
        for _ in range(_PATIENT):
            answer = client.post("/api/login", json={"username": username, "password": DEMO_PASSWORD})
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(float(answer.headers.get("Retry-After", "30")))
        answer.raise_for_status()
        if known := answer.cookies.get("zhishou_known"):
            _KNOWN["zhishou_known"] = known
        return str(answer.cookies["zhishou_session"])
