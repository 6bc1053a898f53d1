"""Two nodes behind the proxy we ship: people and screens notice one dying, and lose nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.nodes.cluster import Person, Wanderer, compared, head, nodes, session, watching
from tests.nodes.proxies import nginx

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]


async def test_screens_and_people_behind_the_proxy_go_on_when_a_node_dies(
    city_url: str, tmp_path: Path
) -> None:
    async with nodes(city_url, tmp_path, 2) as services, nginx(tmp_path, services) as proxy:
        cookie, begun = await session(proxy), await head(city_url)
        screens = [Wanderer([proxy], cookie, begun) for _ in range(4)]
        person = Person([proxy], cookie, "person")
        async with watching(screens):
            await person.write(5)
            await services[0].kill()
            await person.write(10)
            await compared(city_url, screens, begun, [person])
        assert max(screen.visits for screen in screens) > 1
