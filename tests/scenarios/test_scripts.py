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
from app.scenario.terms import Outcome
from tests.database import Postgres

pytestmark = [pytest.mark.database, pytest.mark.long, pytest.mark.asyncio(loop_scope="module")]


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
    assert faults(outcomes) == []
    assert {one.state for one in outcomes} <= {"ok", "missing"}
    assert len(outcomes) == len(script.steps)


VEHICLE = """
scenario: V
zh: 车载终端
en: A vehicle's terminal
begins: 2025-06-18 02:13:20
city: 2025-06-17 12:00
devices: true
watchers: [escalator]
steps:
- step: 1
  zh: 报位置后按 SOS
  en: It reports where it is, then presses SOS
  do:
  - terminal: {phone: "19900010006", lon: 115.54981, lat: 27.94648}
  - at: 02:13:30
  - terminal: {phone: "19900010006", lon: 115.5500, lat: 27.9465, sos: true}
  - as: chenjie
    get: /api/snapshot
    expect: {"alarms[0].family": jt808, "alarms[0].kind": sos, "alarms[0].lon": 115.55}
"""


async def test_a_vehicle_calls_in_over_its_own_line(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "v.yaml"
    file.write_text(VEHICLE, encoding="utf-8")
    script = read_script(file)
    async with asyncio.timeout(900), ground.city(script.city) as url:
        outcomes = [one async for one in play(script, url, tmp_path, ZONE)]
    assert faults(outcomes) == []
    assert [one.state for one in outcomes] == ["ok"]


def faults(outcomes: list[Outcome]) -> list[str]:
    """Return what was not as written, as a person reads it."""
    return [
        f"{one.script}.{one.step.number} line {fault.line} {fault.what}: "
        f"expected {fault.expected} got {fault.got}"
        for one in outcomes
        for fault in one.faults
    ]
