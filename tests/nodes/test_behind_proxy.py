"""Two nodes behind the proxy we ship: people and screens notice one dying, and lose nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.node import Service, free_port
from tests.nodes.cluster import Person, Wanderer, compared, head, nodes, session, until, watching

SHIPPED = Path(__file__).parents[2] / "deploy" / "proxy" / "nginx.conf"
pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]


@dataclass
class Proxy(Service):
    """What a client needs of a node: an address."""


@asynccontextmanager
async def nginx(folder: Path, services: Sequence[Service]) -> AsyncIterator[Proxy]:
    """Run the shipped configuration before these nodes while the block lasts."""
    port = free_port()
    upstream = "\n".join(f"server 127.0.0.1:{one.port} max_fails=2 fail_timeout=5s;" for one in services)
    told = SHIPPED.read_text(encoding="utf-8")
    told = told.replace("server 127.0.0.1:8000 max_fails=2 fail_timeout=5s;", upstream)
    told = told.replace("listen 80 ", f"listen 127.0.0.1:{port} ")
    (folder / "site.conf").write_text(told)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"include {folder}/site.conf; }}\n"
    )
    with (folder / "nginx.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), stderr=log
        )
    try:
        yield Proxy("", folder, port=port)
    finally:
        process.terminate()
        await process.wait()


async def test_screens_and_people_behind_the_proxy_go_on_when_a_node_dies(
    city_url: str, tmp_path: Path
) -> None:
    async with nodes(city_url, tmp_path, 2) as services, nginx(tmp_path, services) as proxy:

        async def passes() -> bool:
            try:
                await session(proxy)
            except Exception:  # noqa: BLE001 - it is not there yet
                return False
            return True

        await until(passes)
        cookie, begun = await session(proxy), await head(city_url)
        screens = [Wanderer([proxy], cookie, begun) for _ in range(4)]
        person = Person([proxy], cookie, "person")
        async with watching(screens):
            await person.write(5)
            await services[0].kill()
            await person.write(10)
            await compared(city_url, screens, begun, [person])
        assert max(screen.visits for screen in screens) > 1
