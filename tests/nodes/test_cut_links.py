"""The cable between a node and the database is cut: packets vanish, and nobody is told."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
import pytest

from tests.node import Service
from tests.nodes.cluster import (
    Person,
    Wanderer,
    compared,
    head,
    leads,
    nodes,
    session,
    standing,
    until,
    watching,
)
from tests.nodes.namespaces import cabled, far_node

pytestmark = pytest.mark.database


async def test_a_leader_that_is_cut_off_is_followed_and_screens_and_commands_lose_and_double_nothing(
    city_url: str, tmp_path: Path
) -> None:
    far_data = tmp_path / "far"
    far_data.mkdir()
    async with cabled() as cable, far_node(city_url, far_data, cable) as far:

        async def far_leads() -> bool | None:
            return await leads(far)

        await until(far_leads)
        async with nodes(city_url, tmp_path, 1) as (near,):

            async def near_leads() -> bool | None:
                return await leads(near)

            cookie, begun = await session(near), await head(city_url)
            screens = [Wanderer([far, near], cookie, begun, at) for at in range(2)]
            people = [Person([far, near], cookie, "far"), Person([near, far], cookie, "near")]
            async with watching(screens):
                writing = asyncio.gather(*(person.write(10) for person in people))

                async def under_way() -> bool:
                    return all(person.done for person in people)

                await until(under_way)
                cable.cut()
                began = time.monotonic()
                await until(near_leads, lambda: standing(city_url, near))
                took = time.monotonic() - began
                assert await _leads(far) is False  # by its own clock: it hears nothing
                cable.mend()
                await writing
                await compared(city_url, screens, begun, people)
            assert took < 5
            assert screens[0].visits > 0 and screens[1].visits > 0


async def _leads(service: Service) -> bool:
    """Ask a node that waits three seconds for its database before it answers."""
    async with httpx.AsyncClient(timeout=20) as client:
        told = (await client.get(f"{service.address}/api/health")).json()
    assert told["status"] == "down"
    return bool(told["parts"]["leader"]["leads"])
