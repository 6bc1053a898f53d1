"""Short messages that come in: read, stored in the database, and only then deleted from the SIM."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.sms_pdu import fields_of, text_signal
from app.devices.adapters.sms_pdu_message import BadPdu, Message, read_pdu
from app.devices.adapters.sms_pdu_parts import KEPT, Assembler
from app.devices.garbage import note_garbage
from app.devices.inbox import Inbox, passing
from app.devices.metrics import READINGS, REFUSED
from app.devices.modem import Modem
from app.devices.ports import Bench
from app.devices.satphone.numbers import FAMILY, national, spellings
from app.org.store import DeviceFact
from app.signals import Ring

log = structlog.get_logger()
HEARD_IN_PART_AFTER = timedelta(minutes=2)
"""A call for help of which a part is missing is heard as it is; the whole is heard when it comes."""

_LISTED = re.compile(r"\+CMGL: *([0-9]{1,5}) *, *([0-9])")
_RECEIVED = "01"  # unread, read; 2 and 3 are drafts and sent ones


class SmsInbox:
    """Takes in what a phone received. `direct` is for messages that no SIM keeps for us."""

    def __init__(
        self, bench: Bench, name: str, reported: Callable[[Message], Awaitable[None]], *, country: str
    ) -> None:
        self._bench = bench
        self._name = name
        self._reported = reported
        self._country = country
        self._parts: Assembler[int] = Assembler()
        self._loose: Assembler[None] = Assembler()
        self._kept: dict[int, str] = {}  # told, but still on the SIM: index and PDU
        self.direct = Inbox(self._take_direct)

    async def fetch(self, modem: Modem, index: int) -> None:
        """Read the message at a place; a place that holds none means: look at all of them."""
        answer = await modem.ask(f"AT+CMGR={index}")
        if answer.ok and len(answer.lines) >= 2:
            await self._stored(modem, index, answer.lines[1])
        else:
            await self.fetch_all(modem)

    async def fetch_all(self, modem: Modem) -> None:
        """Read every message on the SIM; also those of which nobody told us."""
        await self._expire(modem)
        answer = await modem.ask("AT+CMGL=4")
        for header, pdu in zip(answer.lines, answer.lines[1:], strict=False):
            place = _LISTED.match(header)
            if place and place[2] in _RECEIVED and not pdu.startswith("+"):
                await self._stored(modem, int(place[1]), pdu)
        for group in self._parts.open():
            if not group.told and self._bench.clock.now() - group.began_at >= HEARD_IN_PART_AFTER:
                await self._tell(self._reading(group.first, group.text(), ""))
                group.told = True

    def heard(self, pdu: str) -> None:
        """Take a message that came by itself (+CMT): it waits in memory for the database."""
        message = self._read(pdu)
        if message is None or message.kind != "SMS-DELIVER":
            return
        if message.concat is None:
            self.direct.put(self._reading(message, _words(message), pdu))
        elif group := self._loose.take(message, None, self._bench.clock.now()):
            self.direct.put(self._reading(group.first, group.text(), pdu))

    def heard_in_part(self) -> None:
        """Pass on what there is of texts whose rest does not come."""
        now = self._bench.clock.now()
        for group in self._loose.open():
            if now - group.began_at > KEPT:
                self._loose.forget(group)
            elif not group.told and now - group.began_at >= HEARD_IN_PART_AFTER:
                group.told = True
                self.direct.put(self._reading(group.first, group.text(), ""))

    async def _stored(self, modem: Modem, index: int, pdu: str) -> None:
        if self._kept.get(index) == pdu:
            await self._delete(modem, [index])
            return
        message = self._read(pdu)
        if message is None:
            log.error("sms_unreadable", phone=self._name, pdu=pdu)
            await self._delete(modem, [index])
        elif message.kind == "SMS-STATUS-REPORT":
            await self._reported(message)
            await self._delete(modem, [index])
        elif message.kind == "SMS-DELIVER" and message.concat is None:
            await self._tell(self._reading(message, _words(message), pdu))
            self._kept[index] = pdu
            await self._delete(modem, [index])
        elif message.kind == "SMS-DELIVER":
            await self._part(modem, message, index, pdu)

    async def _part(self, modem: Modem, message: Message, index: int, pdu: str) -> None:
        group = self._parts.take(message, index, self._bench.clock.now())
        if group is not None:  # should the database be away, the parts are found on the SIM again
            await self._tell(self._reading(group.first, group.text(), pdu))
            await self._delete(modem, group.tokens)

    async def _expire(self, modem: Modem) -> None:
        """Give up texts whose rest did not come in a day, before their parts are read once more."""
        for group in self._parts.open():
            if self._bench.clock.now() - group.began_at > KEPT:
                self._parts.forget(group)
                await self._delete(modem, group.tokens)

    async def _delete(self, modem: Modem, places: list[int]) -> None:
        for index in places:
            if (await modem.ask(f"AT+CMGD={index}")).ok:
                self._kept.pop(index, None)

    def _read(self, pdu: str) -> Message | None:
        try:
            message = read_pdu(bytes.fromhex(pdu))
        except ValueError as error:  # BadPdu, or no hex at all
            reason = str(error) if isinstance(error, BadPdu) else "not hex"
            note_garbage(FAMILY, Garbage(pdu.encode("ascii", "replace"), reason))
            return None
        READINGS.labels(FAMILY, message.kind).inc()
        return message

    def _reading(self, message: Message, words: str, pdu: str) -> Reading:
        raw = pdu.encode("ascii", "replace")
        return Reading(
            FAMILY, message.kind, message.number, fields_of(message), raw, (text_signal(message, words, raw),)
        )

    async def _take_direct(self, reading: Reading) -> None:
        if any(isinstance(signal, Ring) for signal in reading.signals):
            device = await self._bench.register.find(FAMILY, reading.sender)
            if device is not None:
                await self._bench.pump.hear(device, reading, self._name)
            return
        await self._hear(reading)

    async def _tell(self, reading: Reading) -> None:
        """Store a message; one that can never be stored is kept in the log, so that the next one is heard."""
        try:
            await self._hear(reading)
        except Exception as error:
            if passing(error):
                raise
            log.error("reading_lost", raw_hex=reading.raw.hex(), error=repr(error), exc_info=error)

    async def _hear(self, reading: Reading) -> None:
        device = await self._sender(reading)
        if device is not None:
            await self._bench.pump.hear(device, reading, self._name)

    async def _sender(self, reading: Reading) -> DeviceFact | None:
        """Return who sent it. A stranger with a number is admitted: it may be somebody drowning."""
        ways = spellings(reading.sender, self._country)
        for number in ways:
            if found := await self._bench.register.find(FAMILY, number):
                return found
        if not ways:  # a name or a short code: an operator's notice
            REFUSED.labels(FAMILY, "service_message").inc()
            log.warning("sms_of_a_service", sender=reading.sender, fields=dict(reading.fields))
            await self._bench.register.quarantine(FAMILY, reading.sender, reading.raw)
            return None
        known = national(reading.sender, self._country)
        name = await self._bench.register.person_with(known)
        label = f"{name} {known}" if name else f"未登记号码 {known}"
        device = await self._bench.register.admit(FAMILY, ways[-1], reading.raw, label)
        if device is None:
            log.warning("satphone_switched_off", number=ways[-1])
        return device


def _words(message: Message) -> str:
    content = message.content
    if content is None:
        return ""
    return content.text if content.alphabet != "8bit" else f"[数据] {content.body.hex()}"
