"""How often the real-time floor looks, and loops that outlive any one failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError

DATABASE_TROUBLE = (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a lost or refusing database raises, through SQLAlchemy or without it."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """The intervals of the floor, in seconds."""

    poll_s: float = 0.5  # NOTIFY is a hint, this is the promise
    heartbeat_s: float = 5.0
    positions_s: float = 1.0
    recheck_s: float = 60.0  # of the logins behind open screens
    first_retry_s: float = 0.1  # after a failure; doubled each time …
    last_retry_s: float = 5.0  # … up to this


async def steadily(step: Callable[[], Awaitable[object]], every_s: float, pace: Pace) -> None:
    """Do the step for ever, `every_s` after the last; back off while it fails, and say so."""
    retry_s = pace.first_retry_s
    while True:
        try:
            await step()
        except Exception as problem:  # noqa: BLE001 - a loop that dies in silence leaves every screen blind
            _log.warning("realtime.step_failed", step=step.__qualname__, problem=repr(problem))
            await asyncio.sleep(retry_s)
            retry_s = min(2 * retry_s, pace.last_retry_s)
        else:
            retry_s = pace.first_retry_s
            await asyncio.sleep(every_s)
