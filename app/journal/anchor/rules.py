"""What an anchor says, and whether it still fits the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Verdict = Literal["whole", "altered", "gone", "forged"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of a stream as it was at `made_at`, the first time anybody looked after `day` had ended.

    `signature` is SM2 (r ‖ s, 64 bytes) over `statement`, `public_key` X ‖ Y; both empty where no key is set.
    """

    stream: str
    day: date
    seq: int
    hash: bytes
    made_at: datetime
    public_key: bytes = b""
    signature: bytes = b""

    @property
    def statement(self) -> str:
        """The text that is signed and printed: one fact a line."""
        return (
            "zhishou-journal-anchor/1\n"
            f"stream {self.stream}\n"
            f"day {self.day.isoformat()}\n"
            f"seq {self.seq}\n"
            f"hash {self.hash.hex()}\n"
            f"made_at {self.made_at.astimezone(UTC).isoformat(timespec='microseconds')}\n"
        )


def day_to_anchor(now: datetime, zone: ZoneInfo) -> date:
    """Return the last day that has wholly passed in the county's zone."""
    return now.astimezone(zone).date() - timedelta(days=1)


def judge(anchor: Anchor, found: bytes | None, signs: Callable[[bytes, bytes, bytes], bool]) -> Verdict:
    """Compare an anchor with the hash that the journal has at its number, None without such a row.

    `signs(public_key, message, signature)` checks a signature. An anchor without one stands by itself.
    """
    if anchor.public_key and not signs(anchor.public_key, anchor.statement.encode(), anchor.signature):
        return "forged"
    if found is None and anchor.seq > 0:
        return "gone"
    return "whole" if (found or b"") == anchor.hash else "altered"
