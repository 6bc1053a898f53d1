"""Fixtures of the real-time floor."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.clock import SetClock
from app.db import Database
from app.realtime.hub import Hub
from tests.realtime.floor import BRISK, STREAM, opened


@pytest.fixture
async def journal(database: Database) -> Database:
    """The database with an opened stream."""
    await opened(database)
    return database


@pytest.fixture
async def another_node(journal: Database) -> AsyncIterator[Database]:
    """A pool of its own on the same database: what it commits nobody hands over here."""
    other = Database(journal.url)
    yield other
    await other.close()


@pytest.fixture
def hub(journal: Database, clock: SetClock) -> Hub:
    """A hub that stands still until the test moves it."""
    return Hub(journal, STREAM, clock, pace=BRISK)
