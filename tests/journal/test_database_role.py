"""The role by which the service uses its database: it appends to the journal, and alters nothing in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from app import database_role
from app.config import Settings
from app.node_database import as_service, make_role, migrate
from app.preflight import CannotStart
from tests.database import Postgres
from tests.node import Service

pytestmark = pytest.mark.database
ROLE = f"zhishou_service_{os.getpid()}"
ALTERING = [
    f"{what} {table} {rest}".strip()
    for table in database_role.APPEND_ONLY
    for what, rest in (
        ("UPDATE", "SET stream = 'x'"),
        ("DELETE FROM", ""),
        ("TRUNCATE", ""),
        ("ALTER TABLE", "DISABLE TRIGGER ALL"),
        ("DROP TABLE", ""),
    )
]


@asynccontextmanager
async def serving_role(owner: str) -> AsyncIterator[str]:
    """Lend the URL of a role that only serves; afterwards the role is gone."""
    await database_role.make(owner, ROLE)
    await database_role.make(owner, ROLE, "a'b\"c")  # again is harmless
    try:
        yield database_role.as_role(owner, ROLE)
    finally:
        connection = await asyncpg.connect(owner)
        await connection.execute(f"DROP OWNED BY {ROLE}; DROP ROLE {ROLE}")
        await connection.close()


async def test_the_services_role_appends_and_is_refused_whatever_would_alter_the_journal(
    postgres: Postgres,
) -> None:
    async with postgres.fresh() as owner, serving_role(owner) as url:
        connection = await asyncpg.connect(url)
        for statement in (
            *ALTERING,
            "DELETE FROM journal_head",
            "UPDATE alembic_version SET version_num = 'x'",
            "SET session_replication_role = replica",
            "DROP TRIGGER journal_is_append_only ON journal",
            "ALTER ROLE CURRENT_USER SUPERUSER",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        assert await database_role.may_alter(connection) is None

        base = await asyncpg.connect(owner)
        assert await database_role.may_alter(base) == await base.fetchval("SELECT current_user")
        await base.execute("CREATE TABLE later (a serial, b int)")  # of a later migration
        await connection.execute(
            "INSERT INTO later (b) VALUES (1); UPDATE later SET b = 2; DELETE FROM later"
        )
        await base.close()
        await connection.close()


async def test_a_whole_service_runs_as_that_role(postgres: Postgres, tmp_path: Path) -> None:
    async with postgres.city() as owner, serving_role(owner) as url:
        before = await _journal(owner)
        async with (
            Service(url, tmp_path, cold=True) as service,
            httpx.AsyncClient(base_url=service.address) as client,
        ):
            told = {"username": "leader", "password": "zhishou-demo"}
            assert (await client.post("/api/login", json=told)).status_code == 200
            known = (await client.get("/api/reference")).json()
            place = next(one["code"] for one in known["regions"] if one["kind"] == "village")
            made = {"event_code": known["event_types"][0]["code"], "region_code": place, "title": "服务角色"}
            assert (await client.post("/api/incidents", json=made)).status_code == 201
            health = (await client.get("/api/health")).json()
            assert [name for name, part in health["parts"].items() if not part.get("ok", True)] == []
        assert await _journal(owner) >= before + 2  # the login and the incident


async def _journal(owner: str) -> int:
    connection = await asyncpg.connect(owner)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM journal"))
    finally:
        await connection.close()


async def test_the_owner_is_refused_as_the_services_role(postgres: Postgres) -> None:
    async with postgres.fresh() as owner:
        name = database_role.role_of(owner) or "postgres"
        with pytest.raises(database_role.RoleIsOwner):
            await database_role.make(owner, name)
    assert database_role.role_of("no url") is None


def test_the_embedded_database_serves_by_its_role_once_it_was_migrated(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url="", data=tmp_path)
    migrate(settings)
    migrate(settings)
    with as_service(settings) as found:
        assert database_role.role_of(found.database_url) == database_role.NAME
    with pytest.raises(CannotStart, match="database role"):
        make_role("postgresql://x@127.0.0.1:9/x", ROLE)
