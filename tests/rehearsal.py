"""The service played once in this process, so that what is forked from it has done everything once already.

Routes and their readers, mappers, statements and the libraries of exports are built by whoever is first to
want them: without a rehearsal that is every service that a page test starts.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
from fastapi.routing import APIRoute
from sqlalchemy import make_url

from app.api.route import COOKIE
from app.api.routers import ROUTERS
from app.config import Settings
from app.main import create_app
from app.org.accounts import token_hash

READER = "leader"
_LENT = re.compile(r"(zhishou_test_\d+_city\d*)_\d+")
_EACH_WITHIN_S = 10


def rehearse(url: str) -> bool:
    """Play in a copy of the city that a test was lent; False if the test was lent no city."""
    lent = _LENT.fullmatch(urlsplit(url).path.removeprefix("/"))
    if lent is None:
        return False
    asyncio.run(_play(url, lent[1]))
    return True


async def _play(url: str, city: str) -> None:
    async with _copy(url, city) as stage:
        token = secrets.token_hex(16)
        await _log_in(stage, token)
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(_env_file=None, database_url=stage, data=Path(folder), jt808_port=0)
            app = create_app(settings)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=transport, base_url="http://rehearsal.test") as client,
            ):
                for path in _pages():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_EACH_WITHIN_S):
                            await client.get(path, headers={"Cookie": f"{COOKIE}={token}"})


def _pages() -> list[str]:
    """Return the path of everything that is read without naming one of many."""
    routes = [route for router in ROUTERS for route in router.routes]
    return [
        route.path
        for route in routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and "{" not in route.path
    ]


async def _log_in(url: str, token: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "INSERT INTO login_session (token_hash, account_id, created_at, expires_at)"
            " SELECT $1, id, now(), now() + interval '1 hour' FROM account WHERE username = $2",
            token_hash(token),
            READER,
        )
    finally:
        await connection.close()


@asynccontextmanager
async def _copy(url: str, city: str) -> AsyncIterator[str]:
    """Lend the URL of a copy of a template; drop it afterwards."""
    connection = await asyncpg.connect(url)
    name = f"{city}_rehearsal"
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{city}"')
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await connection.close()
