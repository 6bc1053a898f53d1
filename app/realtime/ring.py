"""The last rows of one stream, framed once, kept in memory for screens that come back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast

from app import personal
from app.journal.store import JournalRow
from app.org.rules.access import Concern
from app.realtime.audience import Audience
from app.realtime.frames import frame, texts

# After these an open screen must show again that its login holds.
_CLOSES_SCREENS = frozenset(
    f"account.{what}" for what in ("locked", "amended", "closed", "password_set", "logins_ended")
)


def _locked_out(row: JournalRow) -> int | None:
    """Return the account that may look no longer from this row on."""
    if row.type in _CLOSES_SCREENS:
        return cast("int", json.loads(row.body)["account_id"])
    if row.type == "break_glass.closed":
        return cast("int", json.loads(row.body)["account_id"])
    if row.type == "token.revoked":
        return cast("int", json.loads(row.body)["token"]["id"])
    if row.type == "wall.revoked":
        return cast("int", json.loads(row.body)["wall"]["id"])
    return None


@dataclass(frozen=True, slots=True)
class Framed:
    """A journal row ready to be written: encoded and framed once for everybody.

    `locked_out` is the account whose screens this row closes, `asks_again` the one whose screens must show
    their login anew.
    """

    stream: str
    seq: int
    concern: Concern
    frame: bytes
    locked_out: int | None = None
    asks_again: int | None = None
    incident_id: int | None = None
    judged: tuple[str, int] | None = None
    items: tuple[int, ...] = ()
    at: datetime | None = None

    def frame_for(self, audience: Audience) -> bytes:
        """Return the frame as these viewers may see it: without personal data for those who need it not."""
        return self.frame if audience.personal else _veiled(self.frame)

    @staticmethod
    def of(row: JournalRow) -> Framed:
        """Encode and frame the row."""
        locked_out = _locked_out(row)
        revoked = row.type == "field_phone.revoked"
        asks_again = json.loads(row.body)["account_id"] if revoked else None
        return Framed(
            row.stream,
            row.seq,
            row.concern,
            frame(row.wire),
            locked_out,
            asks_again,
            row.incident_id,
            row.judged,
            row.items,
            row.at,
        )


@lru_cache(maxsize=256)
def _veiled(whole: bytes) -> bytes:
    """Return a frame without the personal data in it, framed once for all who see it so."""
    (told,) = texts(whole)
    return frame(json.dumps(personal.veiled(json.loads(told)), ensure_ascii=False, separators=(",", ":")))


class Ring:
    """A bounded memory of consecutive rows, found by number because numbers have no gaps."""

    def __init__(self, size: int, last: int = 0) -> None:
        self.size = size
        self.reset(last)

    def reset(self, last: int) -> None:
        """Forget everything; the next row is `last + 1`."""
        self.last = last
        self.first = last + 1  # the oldest row still held, when there is any
        self._slots: list[Framed | None] = [None] * self.size

    def extend(self, rows: Iterable[Framed]) -> None:
        """Add the rows that follow. Raises ValueError when one does not."""
        for row in rows:
            if row.seq != self.last + 1:
                raise ValueError(f"row {row.seq} does not follow {self.last}")
            self._slots[row.seq % self.size] = row
            self.last = row.seq
            self.first = max(self.first, row.seq - self.size + 1)

    def after(self, seq: int, limit: int) -> list[Framed] | None:
        """Return up to `limit` rows after `seq`; None when the next one is no longer held."""
        if seq + 1 < self.first:
            return None
        held = (self._slots[n % self.size] for n in range(seq + 1, min(self.last, seq + limit) + 1))
        return [row for row in held if row is not None]
