"""Driving times of the county's road service: asked beside the work, answered from memory.

Nobody waits for a service that is not well. It is well when its last answer came within the budget; only then
a recommendation waits for it, that long at most. A dead one costs one such wait if it dies between two
soundings, and nothing from then on: after a few failures in a row it is left alone for a while.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.background import Handful, Rounds
from app.clock import Clock
from app.dispatch.recommendation.roads.dialects import (
    Dialect,
    Nonsense,
    Point,
    durations,
    question,
)
from app.dispatch.recommendation.roads.exchange import Refused, exchange
from app.outward.address import Address

log = structlog.get_logger()
Patience = Callable[[asyncio.Event, float], Awaitable[None]]
Key = tuple[float, float, float, float]

AT_ONCE = 4
MOST_SOURCES = 32
MOST_KEPT = 20_000
LEFT_ALONE_AFTER = 3
SOUNDED_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class RoadTerms:
    """How long a recommendation waits, an exchange lasts, an answer keeps, a failing one is left alone."""

    wait: timedelta = timedelta(milliseconds=300)
    give_up: timedelta = timedelta(seconds=5)
    kept: timedelta = timedelta(minutes=5)
    left_alone: timedelta = timedelta(seconds=60)


async def patient(answered: asyncio.Event, seconds: float) -> None:
    """Wait for an answer, so long at most."""
    try:
        async with asyncio.timeout(seconds):
            await answered.wait()
    except TimeoutError:
        pass


class RoadService:
    """A road service as the recommendation asks it. `running()` sounds it and ends what is on its way."""

    def __init__(
        self,
        dialect: Dialect,
        address: Address,
        clock: Clock,
        terms: RoadTerms | None = None,
        patience: Patience = patient,
    ) -> None:
        self.name = f"router:{address.netloc}"
        self._dialect, self._address, self._clock = dialect, address, clock
        self._terms = terms or RoadTerms()
        self._patience = patience
        self._kept: OrderedDict[Key, tuple[datetime, float | None]] = OrderedDict()
        self._asking = Handful(AT_ONCE)
        self._well = False
        self._failures = 0
        self._trouble = ""
        self._alone_until: datetime | None = None
        self._last: tuple[Point, Point] | None = None
        self._ended: datetime | None = None
        self._rounds = Rounds("road_service", SOUNDED_EVERY_S)

    @asynccontextmanager
    async def running(self, somewhere: Callable[[], Awaitable[Point | None]]) -> AsyncIterator[RoadService]:
        """Sound the service now and then while the block lasts, at a place of the county."""

        async def look() -> None:
            await self.sound(somewhere)

        async with self._asking.held(), self._rounds.walked(look):
            yield self

    def health(self) -> dict[str, object]:
        """Return whether it answers, what is wrong if not, and whether it is left alone for now."""
        return {
            "ok": not self._trouble,
            "trouble": self._trouble,
            "kind": self._dialect,
            "left_alone": self._alone(self._clock.now()),
            "failures": self._failures,
            "kept": len(self._kept),
        }

    async def sound(self, somewhere: Callable[[], Awaitable[Point | None]]) -> None:
        """Ask about the last way asked for, or a place of the county, if nobody has asked for a while."""
        now = self._clock.now()
        fresh = self._ended is not None and (now - self._ended).total_seconds() < SOUNDED_EVERY_S
        if fresh or self._alone(now) or not self._asking.room:
            return
        if self._last is None:
            place = await somewhere()
            self._last = None if place is None else (place, place)
        if self._last is not None:
            self._asking.begin(self._ask([self._last[0]], self._last[1], asyncio.Event()))

    async def times(self, sources: Mapping[int, Point], to: Point) -> dict[int, float]:
        """Return the driving seconds to a place by the sources' names, as far as they are known in time."""
        now = self._clock.now()
        missing = [point for point in sources.values() if self._known(point, to, now) is _UNKNOWN]
        missing = list(dict.fromkeys(missing))[:MOST_SOURCES]
        if missing and not self._alone(now) and self._asking.room:
            await self._asked(missing, to)
        found = {name: self._known(point, to, self._clock.now()) for name, point in sources.items()}
        return {name: one for name, one in found.items() if isinstance(one, float)}

    async def settled(self) -> None:
        """Wait until everything asked is answered or given up."""
        await self._asking.settled()

    async def _asked(self, sources: Sequence[Point], to: Point) -> None:
        answered = asyncio.Event()
        self._last = (sources[0], to)
        self._asking.begin(self._ask(sources, to, answered))
        if self._well:
            await self._patience(answered, self._terms.wait.total_seconds())
            if not answered.is_set():
                self._well = False  # the next one does not wait; the answer may still come

    async def _ask(self, sources: Sequence[Point], to: Point, answered: asyncio.Event) -> None:
        began = self._clock.now()
        try:
            async with asyncio.timeout(self._terms.give_up.total_seconds()):
                body = await exchange(self._address, question(self._dialect, sources, to))
            found = durations(self._dialect, body, len(sources))
        except (OSError, Refused, Nonsense) as error:  # a timeout is an OSError
            self._failed(error)
        else:
            self._answered(sources, to, found, began)
        finally:
            answered.set()

    def _answered(
        self, sources: Sequence[Point], to: Point, found: Collection[float | None], began: datetime
    ) -> None:
        now = self._clock.now()
        for point, seconds in zip(sources, found, strict=True):
            self._kept[_key(point, to)] = (now, seconds)
            self._kept.move_to_end(_key(point, to))
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        if self._trouble:
            log.info("road_service_back", where=self.name)
        self._well = now - began <= self._terms.wait
        self._failures, self._trouble, self._alone_until, self._ended = 0, "", None, now

    def _failed(self, error: Exception) -> None:
        now = self._clock.now()
        self._well, self._failures, self._ended = False, self._failures + 1, now
        self._trouble = _trouble(error)
        if self._failures >= LEFT_ALONE_AFTER:
            self._alone_until = now + self._terms.left_alone
        log.warning("road_service_failed", where=self.name, error=repr(error), failures=self._failures)

    def _alone(self, now: datetime) -> bool:
        return self._alone_until is not None and now < self._alone_until

    def _known(self, point: Point, to: Point, now: datetime) -> float | _Unknown | None:
        kept = self._kept.get(_key(point, to))
        if kept is None or now - kept[0] > self._terms.kept:
            return _UNKNOWN
        return kept[1]


class _Unknown:
    """Nobody asked yet, or too long ago: None would mean that there is no road."""


_UNKNOWN = _Unknown()


def _key(point: Point, to: Point) -> Key:
    """Round a moving unit to a hundred metres, the scene to ten."""
    return round(point[0], 3), round(point[1], 3), round(to[0], 4), round(to[1], 4)


def _trouble(error: Exception) -> str:
    """Return a word for the panel of links: what is wrong is looked for at the service."""
    if isinstance(error, TimeoutError):
        return "router_silent"
    if isinstance(error, Refused):
        return "router_refuses"
    return "router_nonsense" if isinstance(error, Nonsense) else "router_unreachable"
