"""A line that is opened again and again for as long as the service lives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from app.clock import Clock
from app.devices.links.serial import Line, LinkLost, SerialLink, open_line
from app.devices.metrics import LINK_ENDS, LINKS

log = structlog.get_logger()
STABLE_AFTER = timedelta(seconds=10)
BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)


async def keep_open(link: SerialLink, clock: Clock, serve: Callable[[Line], Awaitable[None]]) -> None:
    """Open a line and serve it, for ever, with a growing pause between attempts.

    A cable that is out, a port that another program holds and a fault of ours all end in the next attempt.
    """
    attempt = 0
    while True:
        if await _once(
            link, clock, serve, first=attempt == 0
        ):  # one that breaks at once is no reason to hurry
            attempt = 0
        await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
        attempt += 1


async def _once(
    link: SerialLink, clock: Clock, serve: Callable[[Line], Awaitable[None]], *, first: bool
) -> bool:
    """Serve the line until it breaks; True if it had stood for a while."""
    opened_at: datetime | None = None
    try:
        async with open_line(link) as line:
            opened_at = clock.now()
            LINKS.labels(link.family).inc()
            log.info("link_open", family=link.family, url=link.url)
            try:
                await serve(line)
            finally:
                LINKS.labels(link.family).dec()
    except LinkLost as error:
        if first:
            log.warning("link_lost", family=link.family, url=link.url, error=str(error))
        LINK_ENDS.labels(link.family, "lost").inc()
    except Exception as error:  # the machine must not fall silent for ever
        log.error("link_failed", family=link.family, url=link.url, error=repr(error), exc_info=error)
        LINK_ENDS.labels(link.family, "error").inc()
    return opened_at is not None and clock.now() - opened_at > STABLE_AFTER
