"""Every scenario that comes with the product, played step by step (docs/scenarios.md)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.scenario.ground import Ground
from app.scenario.player import play
from app.scenario.reading import ZONE, read_script, shipped
from tests.database import Postgres

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(postgres: Postgres) -> AsyncIterator[Ground]:
    """A city a date on the server of this run, written once."""
    schema = await postgres.schema()
    async with Ground(postgres.url, schema=schema).lent() as ground:
        yield ground


@pytest.mark.parametrize("file", shipped(), ids=lambda file: file.stem)
async def test_a_scenario_is_as_it_is_written(ground: Ground, file: Path, tmp_path: Path) -> None:
    script = read_script(file)
    async with asyncio.timeout(900), ground.city(script.city) as url:
        outcomes = [one async for one in play(script, url, tmp_path, ZONE)]
    wrong = [
        f"{file.name}:{fault.line} {one.step.number} {fault.what}: expected {fault.expected} got {fault.got}"
        for one in outcomes
        for fault in one.faults
    ]
    assert wrong == []
    assert {one.state for one in outcomes} <= {"ok", "missing"}
    assert len(outcomes) == len(script.steps)
