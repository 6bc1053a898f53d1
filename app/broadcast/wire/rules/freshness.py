"""Whether a packet is of now: its time and the time of its signature. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.codecs.findings import Finding, rule, security


@dataclass(frozen=True, slots=True)
class Window:
    """How far a peer's times may lie from ours; a `counter` of a device is no time and is not judged."""

    seconds: int = 600
    counter: bool = False


def stale(at: datetime, signed: int | None, window: Window, now: datetime) -> Finding | None:
    """Return why a packet is too old or from the future, None when it is of now.

    `at` is its EBDTime, `signed` T of its signature: seconds since 1970 in the text of 2018.
    """
    most = timedelta(seconds=window.seconds)
    if abs(now - at) > most:
        return rule(
            "PACKET_STALE",
            f"EBDTime 与本机时间相差超过 {window.seconds} 秒,请核对双方时钟后重新生成",
            f"EBDTime is more than {window.seconds} s from our time: compare the clocks and make it anew",
        )
    if signed is None or window.counter:
        return None
    if abs(now - datetime.fromtimestamp(signed, UTC)) > most:
        return security(
            "SIGNATURE_STALE",
            f"签名时间与本机时间相差超过 {window.seconds} 秒,疑为重放",
            f"it was signed more than {window.seconds} s from our time: it may be a replay",
        )
    return None
