"""The proxies we ship, run before the nodes of a test with nothing changed but addresses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.node import Service, free_port
from tests.nodes.cluster import session, until

SHIPPED = Path(__file__).parents[2] / "deploy" / "proxy" / "nginx.conf"


@dataclass
class Proxy(Service):
    """What a client needs of a node: an address."""


@asynccontextmanager
async def nginx(folder: Path, services: Sequence[Service]) -> AsyncIterator[Proxy]:
    """Run the shipped configuration before these nodes while the block lasts."""
    port = free_port()
    upstream = "\n".join(f"server 127.0.0.1:{one.port} max_fails=2 fail_timeout=2s;" for one in services)
    told = SHIPPED.read_text(encoding="utf-8")
    told = told.replace("server 127.0.0.1:8000 max_fails=2 fail_timeout=2s;", upstream)
    told = told.replace("listen 80 ", f"listen 127.0.0.1:{port} ")
    (folder / "site.conf").write_text(told)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; add_header X-Node $upstream_addr always;\n"
        f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"include {folder}/site.conf; }}\n"
    )
    with (folder / "nginx.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), stderr=log
        )
    proxy = Proxy("", folder, port=port)

    async def passes() -> bool:
        try:
            await session(proxy)
        except Exception:  # noqa: BLE001 - it is not there yet
            return False
        return True

    try:
        await until(passes)
        yield proxy
    finally:
        process.terminate()
        await process.wait()
