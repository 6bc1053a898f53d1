"""Simulated township desks: their open screens are what the centre hears of a township."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.demo.accounts import TOWNSHIP_DESKS
from app.simulators.desks import TownshipDesk
from app.stage.seed import DEMO_PASSWORD
from tests.node import Service

pytestmark = pytest.mark.database


async def test_a_desk_is_there_comes_back_after_a_restart_and_goes_without_a_farewell(
    city_url: str, tmp_path: Path
) -> None:
    async with Service(city_url, tmp_path) as service:
        desk = TownshipDesk(service.address, next(iter(TOWNSHIP_DESKS)), DEMO_PASSWORD)
        looking = asyncio.create_task(desk.run())
        await _screens(service, 1)
        await service.kill()
        await service.start()
        await _screens(service, 1)
        looking.cancel()
        await asyncio.wait([looking])
        await _screens(service, 0)
        await desk.run(lost_after_s=0)


async def _screens(service: Service, count: int) -> None:
    async with asyncio.timeout(60), service.client("auditor") as client:
        while (await client.get("/api/health")).json()["parts"]["realtime"]["screens"] != count:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
