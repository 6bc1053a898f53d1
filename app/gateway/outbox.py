"""The commands of one channel: whose turn it is, which were tried how often, what is said when they end.

A place is what carries one message at a time: a terminal's line, a slot of a repeater, a card, a phone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import structlog

from app.delivery.rules import MAX_ATTEMPTS
from app.devices.adapters.mqtt_gateway.envelope import Order
from app.gateway.core import Core
from app.gateway.store import Task

log = structlog.get_logger()

Cut = Callable[[Task, str], Sequence[str]]
Reach = Callable[[Task], str | None]


@dataclass(eq=False, slots=True)
class Sending:
    """A command that is on its way.

    `at` is the part that is next or under way, `attempt` how often it was tried, `ref` what its answer
    quotes, `line` what it left by. `taken`: the carrier has all of it, the far device has not answered.
    """

    task: Task
    parts: Sequence[str]
    place: str
    at: int = 0
    attempt: int = 0
    ref: str = ""
    line: object = None
    submitted_at: datetime | None = None
    not_before: datetime | None = None
    taken: bool = False
    end: tuple[str, str, bool] | None = field(default=None)

    @property
    def part(self) -> str:
        """The words that are next."""
        return self.parts[self.at]

    def submit(self, ref: str, now: datetime, line: object = None) -> None:
        """Note that the part leaves now."""
        self.ref, self.submitted_at, self.line = ref, now, line
        self.not_before, self.taken = None, False
        self.attempt += 1


class Outbox:
    """Gives out what may leave, one command a place and device, the oldest first.

    `patience` is how long an answer is waited for; after `rest` a try follows that failed for now.
    """

    def __init__(
        self,
        core: Core,
        channel: str,
        now: Callable[[], datetime],
        *,
        patience: timedelta,
        rest: timedelta = timedelta(),
    ) -> None:
        self._core = core
        self._channel = channel
        self._now = now
        self._patience = patience
        self._rest = rest
        self._sendings: dict[str, Sending] = {}

    def under_way(self) -> list[Sending]:
        """Return the commands that have left and whose answer is awaited."""
        return [one for one in self._sendings.values() if one.submitted_at is not None and one.end is None]

    def by_ref(self, ref: str) -> Sending | None:
        """Return the command under way that is known by this reference."""
        return next((one for one in self.under_way() if one.ref == ref), None)

    def leaving(self, reach: Reach, cut: Cut) -> list[Sending]:
        """Return what may leave now, each for the caller to `submit` and send.

        `reach` names the place a command can leave by now, None for none; `cut` makes parts of its words and
        raises ValueError for what can never be sent.
        """
        now = self._now()
        self.settle()
        busy = {name for one in self.under_way() for name in (one.place, one.task.device)}
        out: list[Sending] = []
        for one in (*self._resting(reach), *self._fresh(reach, cut, busy)):
            if one.place in busy or one.task.device in busy:
                continue
            busy.add(one.task.device)  # what was tried before goes first, even if it rests
            if one.not_before is None or one.not_before <= now:
                busy.add(one.place)
                out.append(one)
        return out

    def accepted(self, sending: Sending) -> bool:
        """Note that the carrier took the part under way; True when that was the last one."""
        sending.attempt, sending.submitted_at = 0, None
        sending.at += 1
        return sending.at >= len(sending.parts)

    def failed(self, sending: Sending, reason: str, *, again: bool, result: str = "failed") -> None:
        """Note that the part under way failed: it is tried again after a rest, or the command ends."""
        sending.submitted_at = None
        if not again or sending.attempt >= MAX_ATTEMPTS:
            self.ended(sending, result, reason)
        else:
            sending.not_before = self._now() + self._rest

    def postpone(self, sending: Sending, rest: timedelta) -> None:
        """Note that the part could not leave, which cost nothing: it is tried again as long as it may be."""
        self.release(sending)
        sending.not_before = self._now() + rest

    def release(self, sending: Sending) -> None:
        """Note that what was under way will get no answer: it leaves anew, and it was no try."""
        sending.submitted_at = None
        sending.attempt -= 1

    def ended(self, sending: Sending, result: str, reason: str = "", *, delivered: bool = False) -> None:
        """Say what became of a command; a disk that does not take it is tried again at the next look."""
        if sending.task.id not in self._sendings:  # its end was said before: a late answer says it not again
            return
        sending.end = result, reason, delivered
        try:
            self._core.finish(sending.task, result, reason, delivered=delivered)
        except sqlite3.Error as error:
            log.error("gateway_answer_waits", command=sending.task.id, error=str(error))
            return
        self._sendings.pop(sending.task.id, None)
        self._core.under_way.discard(sending.task.id)

    def settle(self) -> None:
        """Deal with silence, with what ran out of time while it rested, and with ends not yet written."""
        now = self._now()
        for one in list(self._sendings.values()):
            if one.end is not None:
                result, reason, delivered = one.end
                self.ended(one, result, reason, delivered=delivered)
            elif one.submitted_at is None:
                if one.task.expires_at <= now:
                    self.ended(one, "expired")
            elif now - one.submitted_at >= self._patience:
                reason = "no_ack" if one.taken else "no_feedback"
                self.failed(one, reason, again=True, result="timeout")

    def _resting(self, reach: Reach) -> Iterator[Sending]:
        for one in list(self._sendings.values()):
            if one.submitted_at is None and one.end is None:
                place = reach(one.task)
                if place is not None:
                    one.place = place
                    yield one

    def _fresh(self, reach: Reach, cut: Cut, busy: set[str]) -> Iterator[Sending]:
        for task in self._core.tasks(self._channel):
            place = reach(task)
            if place is None or place in busy or task.device in busy:
                continue
            try:
                parts = cut(task, words_of(task))
            except ValueError as error:
                self._core.finish(task, "rejected", str(error)[:100])
                continue
            self._core.under_way.add(task.id)
            self._sendings[task.id] = sending = Sending(task, parts, place)
            yield sending


def words_of(task: Task) -> str:
    """Return the words of a command. Raises ValueError for a body that has none."""
    try:
        return msgspec.json.decode(task.body, type=Order).text
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
