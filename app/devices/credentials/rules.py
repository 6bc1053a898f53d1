"""What `prepare.sh` writes down of the passwords of gateways, and what of it is news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MOST_WRITTEN = 100  # characters of who it was
CLOCKS_APART = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A gateway got a password: its name at the broker, since when it holds, who gave it ("" unknown)."""

    gateway: str
    at: datetime
    by: str = ""


def read(listed: str) -> list[Renewal]:
    """Return what lines "name TAB 2026-11-28T09:30:00Z TAB who" say; a day alone is its first minute, UTC.

    A line without its end is still being written and is left for later. Raises ValueError for a time that
    is none.
    """
    found = []
    for line in filter(str.strip, listed[: listed.rfind("\n") + 1].splitlines()):
        gateway, _, rest = line.partition("\t")
        told, _, by = rest.partition("\t")
        at = datetime.fromisoformat(told.strip())
        found.append(Renewal(gateway.strip(), at.replace(tzinfo=at.tzinfo or UTC), by.strip()[:MOST_WRITTEN]))
    return found


def news(written: Sequence[Renewal], known: Mapping[str, datetime | None], now: datetime) -> list[Renewal]:
    """Return what the register does not know yet of the gateways that stand in it (number: since when).

    An older date than the known one is an old copy of the file. One from the future waits until it has come:
    taken at its word, it would hide every renewal before it.
    """
    return [one for one in written if one.gateway in known and is_news(one, known[one.gateway], now)]


def is_news(told: Renewal, known: datetime | None, now: datetime) -> bool:
    """Whether a password is newer than the one that is known, and not from the future."""
    return told.at <= now + CLOCKS_APART and (known is None or told.at > known)
