"""Putting the parts of a long text together again, within bounds and for 24 hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from app.devices.adapters.sms_pdu_message import Concat, Content, Message

T = TypeVar("T")
KEPT = timedelta(hours=24)
MAX_HELD = 400
"""Parts kept of unfinished texts; beyond it the oldest text is given up."""

_Key = tuple[str, int, int, int]


@dataclass(slots=True)
class Group(Generic[T]):
    """The parts heard of one text. `tokens` is whatever came with each of them (a place on the SIM)."""

    number: str
    total: int
    began_at: datetime
    parts: dict[int, Message] = field(default_factory=dict)
    tokens: list[T] = field(default_factory=list)
    told: bool = False  # what there is of it was passed on before it was complete

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return len(self.parts) == self.total

    @property
    def first(self) -> Message:
        """The earliest part that was heard."""
        return self.parts[min(self.parts)]

    def text(self) -> str:
        """Return the words, with "…" for each run of missing parts.

        Neighbours of one alphabet are joined before they are read: a pair may be cut between parts.
        """
        runs: list[Content] = []
        out: list[str] = []
        for seq in range(1, self.total + 1):
            content = self.parts[seq].content if seq in self.parts else None
            if content is None:
                out.extend(_flush(runs))
                if not out or out[-1] != "…":
                    out.append("…")
            elif runs and runs[-1].alphabet == content.alphabet:
                runs[-1] = Content(content.alphabet, runs[-1].body + content.body)
            else:
                runs.append(content)
        return "".join([*out, *_flush(runs)])


class Assembler(Generic[T]):
    """Collects parts by number and reference; the SMSC may differ between them (TS 23.040 §9.2.3.24.1)."""

    def __init__(self) -> None:
        self._open: dict[_Key, Group[T]] = {}

    def take(self, message: Message, token: T, now: datetime) -> Group[T] | None:
        """Take one part; return its group when that completes it.

        The same part twice counts once (both tokens are kept). Another part in its place, or one a day
        later, means that the reference is being used again: a new text begins.
        """
        concat = message.concat
        if concat is None:
            raise ValueError("a message in one piece has nothing to wait for")
        key = _key(message.number, concat)
        group = self._open.get(key)
        if group is None or abs(now - group.began_at) > KEPT or _other(group, message, concat.seq):
            self._open.pop(key, None)
            group = self._open[key] = Group(message.number, concat.total, now)
        group.parts.setdefault(concat.seq, message)
        if token not in group.tokens:
            group.tokens.append(token)
        if not group.complete:
            while sum(len(one.parts) for one in self._open.values()) > MAX_HELD:
                del self._open[next(iter(self._open))]
            return None
        del self._open[key]
        return group

    def open(self) -> list[Group[T]]:
        """Return the texts of which something is missing, oldest first."""
        return list(self._open.values())

    def forget(self, group: Group[T]) -> None:
        """Wait no longer for the rest of a text."""
        self._open = {key: one for key, one in self._open.items() if one is not group}


def _key(number: str, concat: Concat) -> _Key:
    return number, concat.bits, concat.ref, concat.total


def _other(group: Group[T], message: Message, seq: int) -> bool:
    held = group.parts.get(seq)
    return held is not None and held.content != message.content


def _flush(runs: list[Content]) -> list[str]:
    words = [run.text for run in runs]
    runs.clear()
    return words
