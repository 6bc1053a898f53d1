"""What an anchor says, and whether it still fits the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.codecs.ebm.sm import sm3

Verdict = Literal["whole", "altered", "gone", "forged"]
Signature = Literal["sm2", "ed25519"]
Signs = Callable[[str, bytes, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of a stream as it was at `made_at`, the first time anybody looked after `day` had ended.

    `hash` is by `algorithm` (`sha256`, `sm3`). `signature` (64 bytes) is by `signed_by` over `statement`:
    SM2 (r ‖ s) with the public key X ‖ Y, or Ed25519 with one of 32 bytes; both empty where no key is set.
    """

    stream: str
    day: date
    seq: int
    hash: bytes
    made_at: datetime
    public_key: bytes = b""
    signature: bytes = b""
    algorithm: str = "sha256"
    signed_by: str = "sm2"

    @property
    def statement(self) -> str:
        """The text that is signed and printed: one fact a line.

        The first edition is of SHA-256 and SM2 alone, and says all there is to say of them; every other pair
        says in the second which it is, so that none can be taken for another.
        """
        first = (self.algorithm, self.signed_by) == ("sha256", "sm2")
        named = (
            f"hash_algorithm {self.algorithm}\n"
            f"signature_algorithm {self.signed_by if self.public_key else 'none'}\n"
            f"key {fingerprint(self.public_key) or 'none'}\n"
        )
        return (
            f"zhishou-journal-anchor/{1 if first else 2}\n"
            f"stream {self.stream}\n"
            f"day {self.day.isoformat()}\n"
            f"seq {self.seq}\n"
            f"hash {self.hash.hex()}\n"
            f"made_at {self.made_at.astimezone(UTC).isoformat(timespec='microseconds')}\n"
            f"{'' if first else named}"
        )


def fingerprint(public_key: bytes) -> str:
    """Return what a key is told by on paper: 16 bytes of its SM3 in groups, "" without one."""
    said = sm3(public_key).hex()[:32] if public_key else ""
    return "-".join(said[at : at + 4] for at in range(0, len(said), 4))


def day_to_anchor(now: datetime, zone: ZoneInfo) -> date:
    """Return the last day that has wholly passed in the county's zone."""
    return now.astimezone(zone).date() - timedelta(days=1)


def judge(anchor: Anchor, found: tuple[bytes, str] | None, signs: Signs) -> Verdict:
    """Compare an anchor with the hash and algorithm of the row it names, None without such a row.

    `signs(signed_by, public_key, message, signature)` checks a signature. An anchor without one stands by
    itself.
    """
    if anchor.public_key and not signs(
        anchor.signed_by, anchor.public_key, anchor.statement.encode(), anchor.signature
    ):
        return "forged"
    if anchor.seq == 0:
        return "whole" if anchor.hash == b"" and found is None else "altered"
    if found is None:
        return "gone"
    return "whole" if found == (anchor.hash, anchor.algorithm) else "altered"
