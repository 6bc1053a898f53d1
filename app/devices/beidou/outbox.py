"""What a Beidou machine sends: orders in the pace of its card, test messages in slots that no order wants."""

from __future__ import annotations

from datetime import datetime

import structlog

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.delivery.tables import Delivery
from app.devices.adapters.payload import capacity_bits, segment
from app.devices.beidou.dialects import DIALECTS, Card, card_number
from app.devices.beidou.probes import TEST_TEXT, Calls
from app.devices.driver import Rig
from app.devices.links.serial import Line, LinkLost, SerialLink
from app.devices.metrics import SENT
from app.signals import Receipt

log = structlog.get_logger()
CHANNEL = "beidou"


class Outbox:
    """The sending half of a machine: one message at a time."""

    def __init__(self, link: SerialLink, rig: Rig) -> None:
        self.calls = Calls()
        self._link = link
        self._dialect = DIALECTS[link.family]
        self._database = rig.database
        self._clock = rig.clock
        self._stream = rig.stream
        self._cut: tuple[int | None, int] | None = None
        """The message begun last and the bits its parts were cut to; None after a start."""

    @property
    def wire_ref(self) -> str:
        """What a message in flight through this machine is known by: one at a time."""
        return f"{self._link.url}:{self._dialect.command}"

    async def feedback(self, receipt: Receipt, card: Card) -> None:
        """Take in what the machine said of our last message: taken is not delivered."""
        if receipt.ref not in (self._dialect.command, ""):  # "": whatever is in flight
            return
        now = self._clock.now()
        if self.calls.feedback(receipt, now):
            return
        async with self._database.transaction() as tx:
            row = await deliveries.in_flight(tx, CHANNEL, self.wire_ref, None)
            if row is None:
                return
            if receipt.stage == "accepted":
                # The next part may leave when the card may, and not a second after somebody else's message.
                sent_at = row.submitted_at or now
                await delivery.accept_part(tx, row, card.pace - (now - sent_at), now)
                return
            await delivery.report(tx, row, Outcome("fail", receipt.reason, card.wait_after(receipt)), now)

    async def send_next(self, line: Line | None, card: Card) -> bool:
        """Send the next waiting message if cable, card and pace allow; False if nothing was sent.

        Raises LinkLost.
        """
        now = self._clock.now()
        if line is None or not card.number:
            return False
        async with self._database.transaction() as tx:
            if not await self._in_pace(tx, card, now):
                return False
            row = await deliveries.next_for_card(tx, CHANNEL, self._stream, now)
            if row is None:
                return await self._call_next(tx, line, card, now)
            try:
                cut = (row.id, capacity_bits(card.level))
                parts = segment(row.body, cut[1])
                if self._cut_elsewhere(row, len(parts), cut):
                    row.parts_sent = 0  # once more from the start
                frame = self._dialect.send(
                    card_number(row.address, self._dialect.largest),
                    parts[min(row.parts_sent, len(parts) - 1)],
                )
            except (ValueError, OverflowError) as error:  # it would fail for ever, and all behind it with it
                log.error("beidou_message_unfit", delivery=row.id, address=row.address, error=str(error))
                await delivery.report(tx, row, Outcome("fail", "not_sendable"), now)
                return False
            await delivery.submit(tx, row, self.wire_ref, len(parts), now)
            self._cut = cut
        # Committed: from here on the worst case is a message sent twice, never one lost.
        await line.write(frame)
        SENT.labels(CHANNEL).inc()
        return True

    def _cut_elsewhere(self, row: Delivery, count: int, cut: tuple[int | None, int]) -> bool:
        """Whether a message was begun on another machine, or with a card of another length."""
        if (row.wire_ref, row.part_count) != (self.wire_ref, count):
            return True
        return self._cut is not None and self._cut[0] == row.id and self._cut != cut

    async def _in_pace(self, tx: Tx, card: Card, now: datetime) -> bool:
        """Whether our card's minute is over and the machine owes no word about a test message."""
        last = await deliveries.last_sent_at(tx, CHANNEL, self.wire_ref)
        sent = max((at for at in (last, self.calls.sent_at) if at), default=None)
        if self.calls.awaits_feedback(now):
            return False
        return card.may_send(sent, now)

    async def _call_next(self, tx: Tx, line: Line, card: Card, now: datetime) -> bool:
        """Send a test message, unless an order waits or is in flight: it would come a minute later."""
        if (number := self.calls.next) is None or not await deliveries.is_idle(
            tx, CHANNEL, self._stream, now
        ):
            return False
        try:
            (part,) = segment(TEST_TEXT, capacity_bits(card.level))
            frame = self._dialect.send(card_number(number, self._dialect.largest), part)
        except (ValueError, OverflowError):
            self.calls.unfit("not_sendable")
            return False
        self.calls.leaves(now)
        try:
            await line.write(frame)
        except LinkLost:
            self.calls.line_lost()
            raise
        return True
