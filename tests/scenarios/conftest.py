"""Scenarios play in the seeded city, each on a copy of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.clock import SetClock
from app.db import Database
from app.main import create_app
from tests.api.desk import settings_of
from tests.database import Postgres
from tests.scenarios.night import Night, beijing, log_everybody_in

Begun = Callable[..., Awaitable[Night]]


@pytest.fixture
async def begun(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Begun]:
    """Begin a scenario: `await begun("2025-06-18", "02:13:20")` is the city as of that month.

    Further settings of the house by name: `reporting_profiles="…"`.
    """
    async with AsyncExitStack() as stack:

        async def begin(day: str, clock: str, **settings: Any) -> Night:
            start = beijing(day, clock)
            url = await stack.enter_async_context(postgres.city(start))
            database = Database(url)
            stack.push_async_callback(database.close)
            set_clock = SetClock(start)
            told = settings_of(database, tmp_path).model_copy(update=settings)
            app = create_app(told, set_clock)
            app.state.house.database = database
            app.state.house.attend(database)
            await log_everybody_in(app.state.house, start)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("10.0.0.9", 5555))
            client = httpx.AsyncClient(transport=transport, base_url="http://desk.test", timeout=30)
            return Night(app, await stack.enter_async_context(client), set_clock)

        yield begin
