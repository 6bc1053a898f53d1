"""Texts that go out by SBD: written into the modem, accepted by the Iridium gateway; no receipt follows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol

import structlog

from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.devices.adapters.at_words import Command
from app.devices.adapters.payload import sanitise
from app.devices.adapters.sbd import MO_MAX, line_fields, write_frame
from app.devices.driver import Rig
from app.devices.inbox import kept
from app.devices.links.serial import LinkLost
from app.devices.metrics import SENT
from app.devices.modem import Modem
from app.signals import Text

log = structlog.get_logger()
CHANNEL = "sbd"
WRITE_AGAIN_AFTER = timedelta(seconds=10)
_IMEI = re.compile(r"[0-9]{15}\Z")


class Outgoing(Protocol):
    """Who sends texts by one modem, one part a session."""

    async def claim(self) -> bytes | None:
        """Take the next part that waits; what it says goes into the modem."""
        ...

    async def settle(self, told: Mapping[str, Any], reason: str, pause: timedelta) -> None:
        """Note how the part that is under way fared in its session."""
        ...


NewTexts = Callable[[str], Outgoing]
"""Makes the outgoing texts of a modem from its driver's name."""


def contents(words: str, address: str) -> list[bytes]:
    """Cut a text into UTF-8 contents of at most 340 octets, addressed `@<IMEI> `, numbered "(1/3)".

    Characters are never cut. Raises ValueError for an address that is no IMEI.
    """
    if not _IMEI.match(address):
        raise ValueError(f"{address[:40]!r} is no IMEI")
    to = f"@{address} "
    whole = (to + words).encode("utf-8", "replace")
    if len(whole) <= MO_MAX:
        return [whole]
    width = 1
    while True:
        parts = _cut(words, MO_MAX - len(to) - 3 - 2 * width)
        if len(parts) < 10**width:
            return [
                f"{to}({number}/{len(parts)}){part}".encode("utf-8", "replace")
                for number, part in enumerate(parts, 1)
            ]
        width += 1


def text_signal_of(number: str, words: str, content: bytes) -> Text:
    """Say a received message as a text; `ref` is its sender and a digest, for the same may come twice."""
    digest = hashlib.blake2s(content, digest_size=8).hexdigest()
    return Text(f"{number}-{digest}", words, content)


class SbdOutbox:
    """The waiting messages of one modem, one part a session."""

    def __init__(self, rig: Rig, name: str) -> None:
        self._rig = rig
        self._name = name
        self._under_way: int | None = None  # the message whose part it is

    async def claim(self) -> bytes | None:
        """Take the next part that waits; committed as handed over before it is written."""
        async with self._rig.database.transaction() as tx:
            now = self._rig.clock.now()
            row = await deliveries.next_for_card(tx, CHANNEL, self._rig.stream, now)
            if row is None:
                return None
            try:
                parts = contents(sanitise(row.body), row.address)
            except ValueError as error:  # it would fail for ever, and all behind it with it
                log.error("sbd_unfit", delivery=row.id, address=row.address, error=str(error))
                await delivery.report(tx, row, Outcome("fail", "not_sendable"), now)
                return None
            await delivery.submit(tx, row, self._name, len(parts), now)
            assert row.id is not None
            self._under_way = row.id
            return parts[min(row.parts_sent, len(parts) - 1)]

    async def settle(self, told: Mapping[str, Any], reason: str, pause: timedelta) -> None:
        """Note how the part that is under way fared in its session; +SBDIX status 0 to 4 is accepted."""
        if self._under_way is None:
            return
        delivery_id = self._under_way
        SENT.labels(CHANNEL).inc()
        await kept(lambda: self._note(delivery_id, told, reason, pause))
        self._under_way = None

    async def _note(self, delivery_id: int, told: Mapping[str, Any], reason: str, pause: timedelta) -> None:
        async with self._rig.database.transaction() as tx:
            row = await deliveries.locked(tx, delivery_id)
            if row is None or row.state != "submitted":
                return
            now = self._rig.clock.now()
            if told.get("mo_ok"):
                await delivery.accept_part(tx, row, timedelta(), now)
            else:
                await delivery.report(tx, row, Outcome("fail", reason, pause), now)


async def write(modem: Modem, content: bytes, outgoing: Outgoing) -> bool:
    """Write a part into the modem; False if it did not take it. Raises LinkLost."""
    command = Command(f"AT+SBDWB={len(content)}", write_frame(content), prompt="READY", bare=True)
    try:
        answer = await modem.ask(command)
    except LinkLost:
        await outgoing.settle({}, "link_lost", WRITE_AGAIN_AFTER)
        raise
    told = line_fields(answer.lines[0]) if answer.lines else None
    result = (told or {}).get("sbdwb", "no_feedback")
    if result == "ok":
        return True
    await outgoing.settle({}, str(result), WRITE_AGAIN_AFTER)
    return False


def _cut(words: str, room: int) -> list[str]:
    parts: list[str] = []
    start = used = 0
    for at, char in enumerate(words):
        size = len(char.encode("utf-8", "replace"))
        if used + size > room:
            parts.append(words[start:at])
            start, used = at, 0
        used += size
    return [*parts, words[start:]]
