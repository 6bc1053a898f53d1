"""Fixtures that every test may ask for: a set clock and a database of its own."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from playwright.async_api import Browser

from app.clock import SetClock
from app.db import Database
from app.org import passwords
from tests.browser import chromium
from tests.database import QUICK, Postgres, embedded_url
from tests.statements import compile_once

# What tests provoke is logged plainly: the pretty form draws every local variable, for seconds of a core.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

compile_once()
passwords._HASHER = QUICK

_BROWSERS = {"browser", "whole_browser"}
_TURNS = ("long", "browser", "database")  # what has none of these marks takes milliseconds

gc.disable()  # while ten thousand tests are found, nothing becomes garbage and all of it is searched again


def pytest_collection_finish() -> None:
    """Collect garbage again, but never look at what was found: it stays until the end of the run."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that ask for the browser of the worker share its loop; put the long ones first."""
    turns: dict[Path, int] = {}
    for item in items:
        if _BROWSERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        turns[item.path] = min(_turn(item), turns.get(item.path, len(_TURNS)))
    items.sort(key=lambda item: turns[item.path])  # files stay whole, and their tests in order


def _turn(item: pytest.Item) -> int:
    """Say how late a test may begin: no worker is left alone with a long one when the others are done."""
    return next((turn for turn, mark in enumerate(_TURNS) if item.get_closest_marker(mark)), len(_TURNS))


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at 02:13:20 on 18 June 2025, Beijing time, until it is moved."""
    return SetClock(datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server of this run, started only when a test asks for it."""
    with ExitStack() as stack:
        # A thread of its own, so that these few calls never meet the loop of a test.
        thread = stack.enter_context(ThreadPoolExecutor(1))
        given = os.environ.get("ZHISHOU_TEST_DATABASE_URL")
        server = Postgres(given or stack.enter_context(embedded_url()))
        if not given:
            thread.submit(asyncio.run, server.make_hasty()).result()
        yield server
        if given:
            thread.submit(asyncio.run, server.drop_all()).result()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The Chromium of this worker; every page of a test has a context of its own."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole_browser() -> AsyncIterator[Browser]:
    """The Chromium that people use: a page that records or sends sound and pictures needs its devices."""
    async with chromium(whole=True) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def database_url(postgres: Postgres) -> AsyncIterator[str]:
    """The URL of a database with the schema and nothing in it, for this test alone."""
    async with postgres.fresh() as url:
        yield url


@pytest_asyncio.fixture(loop_scope="session")
async def city_url(postgres: Postgres) -> AsyncIterator[str]:
    """The URL of a database with the fictional 樟川市 in it, for this test alone."""
    async with postgres.city() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A pool on this test's own database."""
    database = Database(database_url)
    yield database
    await database.close()
