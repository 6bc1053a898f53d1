"""What was counted and kept before there was one archive goes on: the migration moves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from alembic import command
from app.db import async_url
from app.migrations import SCRIPTS
from tests.database import Postgres

pytestmark = pytest.mark.database
_FILLED = {
    "double precision": "0",
    "date": "now()",
    "bigint": "0",
    "integer": "0",
    "boolean": "false",
    "jsonb": "'{}'",
    "bytea": "''",
    "ARRAY": "'{}'",
}


def _to(revision: str) -> Callable[[Connection], None]:
    from alembic.config import Config

    def work(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    return work


def _insert(connection: Connection, table: str, **told: Any) -> None:
    """Insert a row; columns nobody names and that may not be empty get something."""
    columns = connection.execute(
        text(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :table"
            " AND is_nullable = 'NO' AND column_default IS NULL"
        ),
        {"table": table},
    )
    kinds = {row.column_name: row.data_type for row in columns if row.column_name not in told}
    names = ", ".join([*told, *kinds])
    filled = [_FILLED.get(kind, "now()" if kind.startswith("timestamp") else "''") for kind in kinds.values()]
    values = ", ".join([*(f":{name}" for name in told), *filled])
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), told)


def _before(connection: Connection) -> None:
    connection.execute(text("SET session_replication_role = replica"))  # whatever else there should be
    region = "990181000000"
    _insert(connection, "region", code=region, name_zh="樟川市")
    _insert(connection, "report_number", stream="990181", series=f"{region}:initial", year=2025, last=3)
    _insert(connection, "order_number", stream="990181", series=region, year=2025, last=7)
    _insert(connection, "supply_transfer_number", stream="990181", year=2025, last=5)
    told = {"stream": "990181", "region_code": region, "kind": "initial", "title": "初报", "text": "一"}
    _insert(connection, "written_report", id=1, incident_id=9, number="樟应信初〔2025〕3号", **told)
    for edition, form in ((1, "pdf"), (1, "docx"), (2, "pdf")):
        data = f"{edition}{form}".encode()
        _insert(connection, "report_paper", report_id=1, edition=edition, form=form, sha256="x", data=data)
    connection.execute(text("SET session_replication_role = DEFAULT"))


async def test_numbers_go_on_and_papers_lie_in_the_archive_to_the_byte(postgres: Postgres) -> None:
    async with postgres.fresh() as url:
        engine = create_async_engine(async_url(url))
        async with engine.begin() as connection:
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text("CREATE SCHEMA public"))
        async with engine.begin() as connection:
            await connection.run_sync(_to("0291_late_sheets"))
            await connection.run_sync(_before)
            await connection.run_sync(_to("0300_documents"))
            series = await connection.execute(text("SELECT series, last FROM number_series"))
            assert {row.series: row.last for row in series} == {
                "report_initial:990181000000": 3,
                "order:990181000000": 7,
                "transfer": 5,
            }
            kept = await connection.execute(
                text(
                    "SELECT d.kind, d.subject, d.number, d.edition, d.incident_ids, f.form, f.data"
                    " FROM document d JOIN document_file f ON f.document_id = d.id ORDER BY d.edition, f.form"
                )
            )
            rows = [tuple(row) for row in kept]
            assert {row[:3] for row in rows} == {("report_initial", "report:1", "樟应信初〔2025〕3号")}
            assert [(row[3], row[5], bytes(row[6])) for row in rows] == [
                (1, "docx", b"1docx"),
                (1, "pdf", b"1pdf"),
                (2, "pdf", b"2pdf"),
            ]
            assert rows[0][4] == [9]
        await engine.dispose()
