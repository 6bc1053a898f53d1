"""The lock of one session that names the leader, on a bare connection: every statement about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

_LOCK = "SELECT pg_try_advisory_lock(hashtext('leader'), hashtext($1))"
_CLOCK = "SELECT clock_timestamp()"


async def end_when_silent(connection: Any, silent_s: float) -> None:
    """Let PostgreSQL end this session, and with it its locks, once nothing was asked for so long.

    Half of a statement is not silence: from PostgreSQL 17 on each of them has an end of its own too.
    """
    within_ms = round(silent_s * 1000)
    await connection.execute(f"SET idle_session_timeout = {within_ms}")
    if connection.get_server_version().major >= 17:
        await connection.execute(f"SET transaction_timeout = {within_ms}")


async def take(connection: Any, stream: str) -> bool:
    """Take the lock of a county's leader unless another session holds it."""
    return bool(await connection.fetchval(_LOCK, stream))


async def speak(connection: Any) -> datetime:
    """Say that this session is alive; return what time it is by the database's clock."""
    return cast("datetime", await connection.fetchval(_CLOCK))
