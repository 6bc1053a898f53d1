"""Texts to radios and groups (§2.7): accepted when the repeater took one, delivered when the radio did."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.delivery.tables import Delivery
from app.devices.adapters.hdap import FAMILY
from app.devices.adapters.hytera import words
from app.devices.adapters.hytera.frame import TMP
from app.devices.driver import Rig
from app.devices.hytera.links import Habits
from app.devices.hytera.radios import Network, NewTexts, Radios
from app.devices.metrics import SENT
from app.org import store as org
from app.signals import Receipt

log = structlog.get_logger()
CHANNEL = "radio"
ACK_WITHIN = timedelta(seconds=10)
AGAIN_AFTER = timedelta(seconds=20)
"""A radio behind a hill or in a call is tried again a little later."""

GROUPS_A_LOOK = 4
NUMBERS = 1 << 24
"""Only the low 24 bits of a request number are ours (§2.6): the high byte may come back changed."""

PASSING = frozenset(("busy", "no_answer", "not_woken", "no_contact", "interrupted", "not_taken", "no_ack"))


class Texts:
    """The outgoing texts of one link."""

    def __init__(self, name: str, habits: Habits, rig: Rig, network: Network) -> None:
        self._name = name
        self._habits = habits
        self._rig = rig
        self._network = network

    async def send_waiting(self, radios: Radios) -> None:
        """Send what waits for the radios of this link, one message a radio; deal with what got no answer."""
        leaving: list[tuple[int, bytes, str]] = []
        async with self._rig.database.transaction() as tx:
            now = self._rig.clock.now()
            await self._give_up_waiting(tx, now)
            if back := radios.come_back():
                await deliveries.hurry(tx, CHANNEL, back)
            ids = await org.devices_via(tx, FAMILY, self._name)
            rows = await deliveries.next_for_devices(tx, CHANNEL, ids, now)
            rows += await deliveries.next_for_groups(tx, CHANNEL, self._rig.stream, now, GROUPS_A_LOOK)
            taken: set[int] = set()
            for row in rows:
                number = _number(row.address)
                slot = radios.slot_of(row.address)
                if slot in taken or not self._network.ready(TMP, slot):
                    continue
                frame = self._frame(row, number, radios.our_id)
                if frame is None:
                    await delivery.report(tx, row, Outcome("fail", "not_sendable"), now)
                    continue
                taken.add(slot)
                parts = len(words.segment(row.body, self._habits.chars))
                ref = f"{self._name}:{_request(row)}"
                await delivery.submit(tx, row, ref, parts, now)
                leaving.append((slot, frame, ref))
        # Committed: from here on the worst case is a message sent twice, never one lost.
        for slot, frame, ref in leaving:
            self._network.send(TMP, slot, frame, ref)
            SENT.labels(CHANNEL).inc()

    async def hear(self, receipt: Receipt) -> None:
        """Let an answer move its message: the repeater's (with our own reference) or the radio's."""
        by_repeater = receipt.ref.startswith(f"{self._name}:")
        ref = receipt.ref if by_repeater else f"{self._name}:{int(receipt.ref) % NUMBERS}"
        async with self._rig.database.transaction() as tx:
            row = await deliveries.in_flight(tx, CHANNEL, ref, None, accepted=True)
            if row is None:
                return
            now = self._rig.clock.now()
            if receipt.stage == "failed":
                await _not_delivered(tx, row, receipt.reason, now)
            elif by_repeater:
                # Of several parts only the last one's acceptance says something of the message.
                if not self._habits.ack or _is_last(row):
                    await delivery.accept_part(tx, row, timedelta(), now)
            elif _is_last(row):
                row.parts_sent = row.part_count
                await delivery.report(tx, row, Outcome("deliver"), now)
            else:
                await delivery.accept_part(tx, row, timedelta(), now)

    async def _give_up_waiting(self, tx: Tx, now: datetime) -> None:
        """Try again what the repeater took and no radio answered for in ten seconds."""
        if not self._habits.ack:
            return
        for row in await deliveries.unanswered(tx, CHANNEL, f"{self._name}:", now - ACK_WITHIN):
            await _not_delivered(tx, row, "no_ack", now)

    def _frame(self, row: Delivery, number: int, source: int) -> bytes | None:
        """Write the next part of a message; None (and a line in the log) when it can never be sent."""
        try:
            parts = words.segment(row.body, self._habits.chars)
            part = parts[min(row.parts_sent, len(parts) - 1)]
            if row.address.startswith("g"):
                return words.group_text(_request(row), number, source, part, subnet=self._habits.subnet)
            return words.private_text(_request(row), number, source, part, subnet=self._habits.subnet)
        except ValueError as error:
            log.error("radio_text_unfit", delivery=row.id, address=row.address[:40], error=str(error))
            return None


def texts_of(rig: Rig) -> NewTexts:
    """Return who makes the texts of links that wait in the database."""
    return lambda name, habits, network: Texts(name, habits, rig, network)


async def _not_delivered(tx: Tx, row: Delivery, reason: str, now: datetime) -> None:
    if row.state == "accepted":
        row.parts_sent = row.part_count - 1  # its last part leaves again
    again = AGAIN_AFTER if reason in PASSING else None
    await delivery.report(tx, row, Outcome("fail", reason, again), now)


def _is_last(row: Delivery) -> bool:
    return row.parts_sent + 1 >= row.part_count


def _request(row: Delivery) -> int:
    """Return the number of a message's part: the same after a restart and for a second try."""
    return ((row.id or 0) * (words.MAX_PARTS + 1) + row.parts_sent) % NUMBERS


def _number(address: str) -> int:
    """Read a radio's or group's address, 0 for what is none."""
    digits = address.removeprefix("g")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0
