"""Asking whether Beidou cards work: our own by its signal, one out there by a message its holder answers.

Nothing in RDSS says that a far card has read a message: the only receipt is its own next word. A message
costs a slot of our card, so it leaves only when a person asked for it and no order waits or is in flight.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.devices.driver import NotAsked, Probed
from app.devices.links.serial import LinkLost
from app.signals import Receipt

PROBE_WITHIN_S = 15.0
TEST_TEXT = "测试,请回复9"
"""Fits a card of the lowest level; 1 to 5 answer orders."""

ANSWER_WITHIN_S = 170.0  # the examiner waits 180 s; a slot of up to a minute is part of it
FEEDBACK_WITHIN = timedelta(seconds=15)  # as with orders: whoever says nothing by then says nothing


@dataclass(slots=True, eq=False)
class _Call:
    number: str
    ended: asyncio.Future[Probed]
    sent_at: datetime | None = None


class Calls:
    """The test messages of one machine: each waits for its slot, leaves once, and is answered or not."""

    def __init__(self) -> None:
        self.sent_at: datetime | None = None  # our card's slot counts whatever was sent in it
        self._waiting: deque[_Call] = deque()
        self._sent: list[_Call] = []
        self._in_flight: _Call | None = None

    async def make(self, number: str) -> Probed:
        """Call a card and wait for its word. Raises NotAsked: its silence or ours says nothing about it."""
        call = _Call(number, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await call.ended
        except TimeoutError as error:
            raise NotAsked("no_reply" if call.sent_at else "no_slot") from error
        finally:
            self._forget(call)

    @property
    def next(self) -> str | None:
        """The card that is called next, None when none waits."""
        return self._waiting[0].number if self._waiting else None

    def awaits_feedback(self, now: datetime) -> bool:
        """Whether the machine still owes its word about a test message."""
        sent_at = self._in_flight.sent_at if self._in_flight else None
        return sent_at is not None and now - sent_at < FEEDBACK_WITHIN

    def leaves(self, now: datetime) -> None:
        """Note that the next message goes onto the line."""
        call = self._waiting.popleft()
        call.sent_at = self.sent_at = now
        self._in_flight = call
        self._sent.append(call)

    def unfit(self, reason: str) -> None:
        """Give up the next call: it cannot be written."""
        _end_without(self._waiting.popleft(), reason)

    def line_lost(self) -> None:
        """Give up the message that was being written."""
        if self._in_flight is not None:
            _end_without(self._in_flight, "link_lost")
            self._in_flight = None

    def feedback(self, receipt: Receipt, now: datetime) -> bool:
        """Take in what the machine says; False when it does not speak of a test message."""
        call, owed = self._in_flight, self.awaits_feedback(now)
        self._in_flight = None
        if call is None or not owed:
            return False
        if receipt.stage == "failed":
            _end_without(call, receipt.reason or "refused")
        return True

    def heard(self, number: str, now: datetime) -> None:
        """Take in that a card spoke: whoever was called has answered."""
        for call in self._sent:
            if call.number == number and call.sent_at is not None and not call.ended.done():
                after_s = max(0, round((now - call.sent_at).total_seconds()))
                said = f"{after_s} 秒后应答 / answered after {after_s} s"
                call.ended.set_result(Probed(passed=True, method="test_message", detail=said))

    def _forget(self, call: _Call) -> None:
        if call in self._waiting:
            self._waiting.remove(call)
        self._sent = [one for one in self._sent if one is not call]


def _end_without(call: _Call, reason: str) -> None:
    if not call.ended.done():
        call.ended.set_exception(NotAsked(reason))


async def of_own_card(
    ask: Callable[[], Awaitable[None]], told: asyncio.Event, judge: Callable[[], tuple[bool, str]]
) -> Probed:
    """Ask the machine for its signal, wait until it is told, and judge by it."""
    told.clear()
    try:
        await ask()
        async with asyncio.timeout(PROBE_WITHIN_S):
            await told.wait()
    except (LinkLost, TimeoutError):
        said = f"{PROBE_WITHIN_S:g} 秒内未报信号 / told no signal within {PROBE_WITHIN_S:g} s"
        return Probed(passed=False, method="signal_query", detail=said)
    passed, words = judge()
    return Probed(passed, "signal_query", words)
