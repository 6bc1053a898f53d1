"""Texts that go out by a satellite phone: accepted by the network, reported by the far phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.delivery.tables import Delivery
from app.devices.adapters.at import CTRL_Z
from app.devices.adapters.at_words import Answer, Command
from app.devices.adapters.payload import sanitise
from app.devices.adapters.sms_pdu import receipt
from app.devices.adapters.sms_pdu_message import Concat, Message
from app.devices.adapters.sms_pdu_write import cmgs_length, split, submit, validity_of
from app.devices.driver import Rig
from app.devices.inbox import kept
from app.devices.links.serial import LinkLost
from app.devices.metrics import SENT
from app.devices.modem import Modem
from app.devices.satphone.numbers import dialled, spellings

log = structlog.get_logger()
CHANNEL = "satellite_phone"
RETRY_AFTER = timedelta(seconds=20)

# +CMS ERROR (TS 27.005 §3.2.5, TS 24.011 annex E): what no second try will mend.
_FINAL: Mapping[int, str] = {
    1: "no_such_number",
    8: "barred",
    10: "barred",
    21: "rejected",
    28: "no_such_number",
    30: "no_such_number",
    50: "not_subscribed",
    304: "not_sendable",
}
_PASSING: Mapping[int, str] = {
    17: "network_failure",
    38: "network_failure",
    41: "network_failure",
    42: "congestion",
    310: "no_sim",
    331: "no_network",
    332: "network_timeout",
}
_ENDS: Mapping[str, str] = {"TIMEOUT": "no_feedback", "REBOOT": "phone_restarted"}


def outcome_of(answer: Answer) -> Outcome:
    """Return what a send that was not accepted means: tried again, or given up."""
    code = answer.code or 0
    if code in _FINAL:
        return Outcome("fail", _FINAL[code])
    reason = _ENDS.get(answer.final) or _PASSING.get(code) or f"error_{code}"
    return Outcome("fail", reason, RETRY_AFTER)


@dataclass(frozen=True, slots=True)
class _Leaving:
    delivery_id: int
    pdu: bytes


class SmsOutbox:
    """Sends the waiting messages of one phone, one part at a time.

    The wire reference of a message is the phone's name and the network's reference of each part; one that
    was reported as delivered is starred: `satphone:/dev/ttyUSB1#12*,13`.
    """

    def __init__(self, rig: Rig, name: str, *, country: str) -> None:
        self._rig = rig
        self._name = name
        self._country = country

    async def send_next(self, modem: Modem) -> bool:
        """Send the next part that waits; False if there was none. Raises LinkLost."""
        leaving = await self._claim()
        if leaving is None:
            return False
        # Committed: from here on the worst case is a message sent twice, never one lost.
        try:
            answer = await modem.ask(send_command(leaving.pdu))
        except LinkLost:
            await self._settle(leaving.delivery_id, Outcome("fail", "link_lost", RETRY_AFTER))
            raise
        SENT.labels(CHANNEL).inc()
        if answer.ok:
            await self._accepted(leaving.delivery_id, answer.value())
        else:
            log.warning(
                "sms_not_accepted", delivery=leaving.delivery_id, final=answer.final, code=answer.code
            )
            await self._settle(leaving.delivery_id, outcome_of(answer))
        return True

    async def reported(self, message: Message) -> None:
        """Let a status report move the message it belongs to; a report on nothing of ours changes nothing."""
        told = receipt(message)
        addresses = [*spellings(message.number, self._country), message.number.removeprefix("+")]
        async with self._rig.database.transaction() as tx:
            rows = await deliveries.awaiting_report(tx, CHANNEL, addresses, f"{self._name}#")
            row = next((one for one in rows if told.ref in _references(one)), None)
            if row is not None:
                await self._report(tx, row, told.ref, told.stage, told.reason)

    async def _report(self, tx: Tx, row: Delivery, ref: str, stage: str, reason: str) -> None:
        now = self._rig.clock.now()
        if stage == "failed":
            await delivery.report(tx, row, Outcome("fail", reason), now)
        elif stage == "delivered":
            refs = [f"{one}*" if one == ref else one for one in _references(row)]
            row.wire_ref = f"{self._name}#{','.join(refs)}"
            await self._complete(tx, row)

    async def _complete(self, tx: Tx, row: Delivery) -> None:
        """Every part has reached the far phone: the message has."""
        refs = _references(row)
        if row.state == "accepted" and len(refs) == row.part_count and all(ref[-1] == "*" for ref in refs):
            await delivery.report(tx, row, Outcome("deliver"), self._rig.clock.now())

    async def _claim(self) -> _Leaving | None:
        async with self._rig.database.transaction() as tx:
            now = self._rig.clock.now()
            row = await deliveries.next_for_card(tx, CHANNEL, self._rig.stream, now)
            if row is None:
                return None
            try:
                parts = split(sanitise(row.body))
                number = dialled(row.address)
            except ValueError as error:  # it would fail for ever, and all behind it with it
                log.error("sms_unfit", delivery=row.id, address=row.address, error=str(error))
                await delivery.report(tx, row, Outcome("fail", "not_sendable"), now)
                return None
            at = min(row.parts_sent, len(parts) - 1)
            assert row.id is not None
            concat = Concat(row.id & 0xFF, len(parts), at + 1, 8) if len(parts) > 1 else None
            pdu = submit(number, parts[at], concat=concat, validity=validity_of(row.expires_at - now))
            refs = _references(row)[: row.parts_sent] if _is_ours(row, self._name) else []
            await delivery.submit(tx, row, f"{self._name}#{','.join(refs)}", len(parts), now)
            return _Leaving(row.id, pdu)

    async def _accepted(self, delivery_id: int, ref: str) -> None:
        """Note the network's reference of this part; without one its arrival will not be known."""
        await kept(lambda: self._note_accepted(delivery_id, ref))

    async def _settle(self, delivery_id: int, outcome: Outcome) -> None:
        await kept(lambda: self._note_outcome(delivery_id, outcome))

    async def _note_accepted(self, delivery_id: int, ref: str) -> None:
        async with self._rig.database.transaction() as tx:
            row = await deliveries.locked(tx, delivery_id)
            if row is None:
                return
            refs = [*_references(row), ref if ref.isdecimal() else "?"]
            row.wire_ref = f"{self._name}#{','.join(refs)}"
            await delivery.accept_part(tx, row, timedelta(), self._rig.clock.now())

    async def _note_outcome(self, delivery_id: int, outcome: Outcome) -> None:
        async with self._rig.database.transaction() as tx:
            row = await deliveries.locked(tx, delivery_id)
            if row is not None and row.state == "submitted":
                await delivery.report(tx, row, outcome, self._rig.clock.now())


def send_command(pdu: bytes) -> Command:
    """Return the command that sends a PDU."""
    return Command(f"AT+CMGS={cmgs_length(pdu)}", pdu.hex().upper().encode("ascii") + CTRL_Z)


def _is_ours(row: Delivery, name: str) -> bool:
    return (row.wire_ref or "").startswith(f"{name}#")


def _references(row: Delivery) -> list[str]:
    return [ref for ref in (row.wire_ref or "").rpartition("#")[2].split(",") if ref]
