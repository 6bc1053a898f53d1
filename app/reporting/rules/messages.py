"""When an overdue report goes out by message too: in steps, so that who is called still listens. Pure.

Consoles ring every few minutes; a telephone that does so is put away. One situation, one message
(design/console: alarm budget).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import yaml

from app.nodes import Reader

AFTER, THEN, ASKS = "messages_after_due_min", "messages_then_every_min", "unknown_field_asks_most"
KEYS = (AFTER, THEN, ASKS)
MOST_STEPS, DAY_MIN, MOST_ASKS = 10, 1440, 96
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages of an overdue report: so long `after` its due, growing, and then every so often.

    `asks` is how often a field that is being verified is asked for again.
    """

    after: tuple[timedelta, ...] = (timedelta(), timedelta(minutes=15))
    then_every: timedelta = timedelta(minutes=30)
    asks: int = 12

    @property
    def quiet(self) -> timedelta:
        """How long a report that a message named is not named by a message of its own: the closest steps."""
        steps = [later - earlier for earlier, later in zip(self.after, self.after[1:], strict=False)]
        return min([*steps, self.then_every]) - MINUTE


def message_due(due_at: datetime, messages: Messages, told: datetime | None, now: datetime) -> bool:
    """Whether an overdue report asks for a message now; `told` is when a message named it last.

    A message names all that are late of an incident: a step that follows it closely is passed over, so that
    reports that are late together go on together.
    """
    step = _last_step(due_at, messages, now)
    return step is not None and (told is None or step - told >= messages.quiet)


def _last_step(due_at: datetime, messages: Messages, now: datetime) -> datetime | None:
    late = now - due_at
    if late < messages.after[0]:
        return None
    last = messages.after[-1]
    if late < last + messages.then_every:
        return due_at + max(one for one in messages.after if one <= late)
    return due_at + last + (late - last) // messages.then_every * messages.then_every


def read_messages(reader: Reader, table: Any, repeat: timedelta) -> Messages:
    """Read how messages follow a due from the table of semantics; what it does not say is as shipped.

    Messages go with alarms: each step is a multiple of `repeat`, after which the consoles ring again.
    """
    shipped = Messages()
    every = repeat // MINUTE
    after, then, asks = shipped.after, shipped.then_every, shipped.asks
    if AFTER in table:
        after = tuple(MINUTE * one for one in _steps(reader, table[AFTER].node, every)) or after
    if THEN in table:
        path = f"semantics.{THEN}"
        found = reader.number(table[THEN].node, path, 1, DAY_MIN)
        if found is not None and _fits(reader, table[THEN].node, path, [found], every):
            then = MINUTE * found
    if ASKS in table:
        found = reader.number(table[ASKS].node, f"semantics.{ASKS}", 1, MOST_ASKS)
        asks = found or asks
    return Messages(after, then, asks)


def _steps(reader: Reader, node: yaml.Node, every: int) -> list[int]:
    path = f"semantics.{AFTER}"
    rows = reader.row(node, path, MOST_STEPS)
    told = [reader.number(one, path, 0, DAY_MIN) for one in rows]
    steps = [one for one in told if one is not None]
    if len(steps) < len(rows):
        return []
    if not steps or steps != sorted(set(steps)):
        reader.fault(node, path, "须为递增的分钟数,至少一个", "minutes that grow, at least one")
        return []
    return steps if _fits(reader, node, path, steps, every) else []


def _fits(reader: Reader, node: yaml.Node, path: str, minutes: Sequence[int], every: int) -> bool:
    if every and any(one % every for one in minutes):
        reader.fault(
            node,
            path,
            f"须为repeat_after_due_min({every})的倍数:短信随提醒发出",
            f"multiples of repeat_after_due_min ({every}): messages go with alarms",
        )
        return False
    return True
