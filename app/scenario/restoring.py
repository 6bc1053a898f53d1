"""A backup of the county, poured into another database and compared."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
from sqlalchemy import make_url

from app.backup.archive import new_identity
from app.backup.making import Source, back_up
from app.backup.restoring import restore
from app.db import Database
from app.journal.proof import prove
from app.scenario.county import County
from app.stage.seed import STREAM


async def restored(county: County) -> dict[str, Any]:
    """Back the county up, restore the archive into a database of its own, prove it equal and drop it."""
    secret, recipient = new_identity()
    name = f"{make_url(county.url).database}_restored"
    other = make_url(county.url).set(database=name).render_as_string(hide_password=False)
    with TemporaryDirectory(prefix="zhishou-scenario-backup-") as folder:
        source = Source(county.url, county.folder, STREAM)
        made = await back_up(source, Path(folder), [recipient], county.now, keep=None, say=_quiet)
        await _on_server(county.url, f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            found = await restore(made.path, [secret], other, Path(folder, "data"), say=_quiet)
            database = Database(other, pool_size=1)
            try:
                (proof,) = await prove(database)
            finally:
                await database.close()
        finally:
            await _on_server(county.url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    tables = made.manifest.contents.tables
    return {
        "size": made.size,
        "tables": len(tables),
        "rows": sum(one.rows for one in tables.values()),
        "journal": tables["journal"].rows,
        "differences": [f"{one.kind} {one.name}" for one in found.differences],
        "whole": proof.whole,
        "broken_seq": proof.broken_seq,
    }


async def _on_server(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _quiet(_: str, __: str) -> None:
    """Say nothing: the step says it."""
