"""The radios behind one link, whatever carries their frames: who is there, what they say, how they are told.

Everything is taken in in the order of the link; a radio or repeater is answered for what is committed.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from app.devices.adapter import Reading
from app.devices.adapters.hdap import FAMILY
from app.devices.adapters.hytera import registration, words
from app.devices.adapters.hytera.frame import RRS, TMP
from app.devices.hytera.links import Habits
from app.devices.inbox import Inbox
from app.devices.metrics import REFUSED
from app.devices.ports import Bench
from app.dispatch.rules.distress import is_distress
from app.org.store import DeviceFact
from app.signals import Distress, Health, Presence, Receipt, Signal, Talk, Text

log = structlog.get_logger()
MAX_KNOWN = 20_000
"""Radios whose slot and registration are remembered."""


class Network(Protocol):
    """What carries frames to radios."""

    @property
    def own_id(self) -> int:
        """The radio id of the equipment itself, 0 before it is known."""
        ...

    @property
    def tells_twice(self) -> bool:
        """Whether our own transmissions are told by another message too."""
        ...

    def ready(self, service: int, slot: int) -> bool:
        """Whether a frame could leave by a slot at once."""
        ...

    def send(self, service: int, slot: int, frame: bytes, ref: str = "") -> bool:
        """Let a frame leave by a slot; its fate is told under `ref`. False when it cannot."""
        ...


class Outgoing(Protocol):
    """Who sends texts to the radios of one link, and is told the answers."""

    async def send_waiting(self, radios: Radios) -> None:
        """Send what waits and can leave now."""
        ...

    async def hear(self, receipt: Receipt) -> None:
        """Let an answer settle its text: the equipment's (under our own reference) or the radio's."""
        ...


NewTexts = Callable[[str, Habits, Network], Outgoing]
"""Makes the texts of a link from its name, its habits and its network."""


@dataclass(frozen=True, slots=True)
class Arrival(Reading):
    """A reading, the slot it came by, and what to do once it is stored."""

    slot: int = 1
    stored: Callable[[], None] | None = None


class Radios:
    """Takes in what radios say and remembers where each can be reached."""

    def __init__(
        self,
        name: str,
        habits: Habits,
        rig: Bench,
        network: Network,
        receipt: Callable[[Receipt], Awaitable[None]],
    ) -> None:
        self.name = name
        self.habits = habits
        self.inbox = Inbox(self._take_in)
        self._receipt = receipt
        self._rig = rig
        self._network = network
        self._slots: OrderedDict[str, int] = OrderedDict()  # radio, "g" and group → where heard last
        self._until: OrderedDict[str, tuple[datetime, int]] = OrderedDict()  # radio → gone at, device
        self._back: set[int] = set()
        self._storing: set[asyncio.Task[None]] = set()

    @property
    def our_id(self) -> int:
        """The radio id that texts of ours come from and texts to us go to."""
        return self.habits.id or self._network.own_id

    def slot_of(self, address: str) -> int:
        """Return the slot on which a radio or group ("g" and its number) was heard last, else the first."""
        return self._slots.get(address, 1)

    def registered(self) -> int:
        """Return how many radios are registered."""
        return len(self._until)

    def come_back(self) -> list[int]:
        """Return and forget the devices that have registered since the last call."""
        back, self._back = self._back, set()
        return list(back)

    def hear(self, reading: Reading, slot: int, stored: Callable[[], None]) -> None:
        """Let a reading wait its turn; `stored` is called once it is committed."""
        self.inbox.put(
            Arrival(
                reading.family,
                reading.kind,
                reading.sender,
                reading.fields,
                reading.raw,
                tuple(self._of_ours(reading, slot)),
                slot,
                stored,
            )
        )

    def told(self, ref: str, *, taken: bool) -> None:
        """Take in what became of a frame of ours, in the order of the link."""
        fate = Receipt(ref, "accepted") if taken else Receipt(ref, "failed", "not_taken")
        self.inbox.put(Arrival(FAMILY, "fate", "", {}, b"", (fate,)))

    def sweep(self) -> None:
        """Let radios go that have not registered again within twice their time."""
        now = self._rig.clock.now()
        for number in [number for number, (until, _) in self._until.items() if until <= now]:
            _, device_id = self._until.pop(number)
            self._rig.pump.note(device_id, {"network": "lost"})

    async def close(self) -> None:
        """Give up what still waits for a commit."""
        for task in self._storing:
            task.cancel()
        await asyncio.gather(*self._storing, return_exceptions=True)

    def _of_ours(self, reading: Reading, slot: int) -> list[Signal]:
        """Leave out what is not for us, and say where a talk is and who talks when it is ourselves."""
        kept: list[Signal] = []
        for signal in reading.signals:
            if isinstance(signal, Talk):
                kept.extend(self._located(signal, slot))
                continue
            if isinstance(signal, Text) and not (self._is_ours(reading) or _calls_for_help(signal)):
                REFUSED.labels(FAMILY, "text_for_others").inc()
                continue
            if isinstance(signal, Presence):
                kept.append(Health((("network", "registered" if signal.online else "left"),)))
                kept.append(replace(signal, renew_s=float(self.habits.renew)))
                continue
            kept.append(signal)
        return kept

    def _located(self, talk: Talk, slot: int) -> list[Talk]:
        """Say where a talk is. A repeater tells ours twice, the second time (B843) without who talks."""
        if not talk.talker and self._network.tells_twice:
            return []
        return [replace(talk, ref=f"slot{slot}", talker=talk.talker or str(self.our_id))]

    def _is_ours(self, reading: Reading) -> bool:
        """Say whom a text is for: repeaters copy those between radios, too.

        Shown are those to us and to the groups we follow; whoever calls for help is heard in any case.
        """
        dest = int(reading.fields["hdap"]["dest"]["id"])
        if reading.kind == "group_text":
            return not self.habits.groups or dest in self.habits.groups
        return dest in (self.habits.id, self._network.own_id)

    async def _take_in(self, reading: Reading) -> None:
        assert isinstance(reading, Arrival)
        for receipt in (s for s in reading.signals if isinstance(s, Receipt)):
            await self._receipt(receipt)
        # A talk or an emergency that names nobody is that of the radio on our own cable.
        own = any(isinstance(signal, Talk | Distress) for signal in reading.signals)
        sender = reading.sender or (str(self.our_id) if own else "")
        stored = None
        if sender and reading.signals:
            self._note(sender, reading)
            stored = await self._pump(sender, reading)
        if reading.stored is not None:
            if stored is None:
                self._answer(reading)
            else:
                task = asyncio.create_task(self._answer_when(stored, reading))
                self._storing.add(task)
                task.add_done_callback(self._storing.discard)

    async def _pump(self, sender: str, reading: Arrival) -> asyncio.Future[None] | None:
        device = await self._rig.register.find(FAMILY, sender)
        if device is None:
            device = await self._stranger(sender, reading)
        if device is None:
            return None
        self._present(device, reading)
        return await self._rig.pump.hear(device, reading, self.name)

    async def _stranger(self, sender: str, reading: Arrival) -> DeviceFact | None:
        """Keep an unknown radio in quarantine, unless it calls for help; who talks is logged in any case."""
        if any(_calls_for_help(signal) for signal in reading.signals):
            admitted = await self._rig.register.admit(FAMILY, sender, reading.raw, f"未登记电台 {sender}")
            if admitted is None:
                log.warning("radio_switched_off", number=sender)
            return admitted
        if int(sender) != self._network.own_id:  # the repeater talks for a dispatcher of its own
            await self._rig.register.quarantine(FAMILY, sender, reading.raw)
        for talk in (s for s in reading.signals if isinstance(s, Talk)):
            await self._rig.pump.hear_talk(self._rig.stream, self.name, talk)
        return None

    def _present(self, device: DeviceFact, reading: Arrival) -> None:
        for presence in (s for s in reading.signals if isinstance(s, Presence)):
            self._until.pop(device.number, None)
            if presence.online:
                gone = self._rig.clock.now() + 2 * timedelta(seconds=self.habits.renew)
                self._until[device.number] = gone, device.id
                self._back.add(device.id)
        while len(self._until) > MAX_KNOWN:
            self._until.popitem(last=False)

    def _note(self, sender: str, reading: Arrival) -> None:
        talks = (s for s in reading.signals if isinstance(s, Talk) and s.target_kind == "group")
        for address in (sender, *(f"g{talk.target}" for talk in talks)):
            self._slots[address] = reading.slot
            self._slots.move_to_end(address)
        while len(self._slots) > MAX_KNOWN:
            self._slots.popitem(last=False)

    async def _answer_when(self, stored: asyncio.Future[None], reading: Arrival) -> None:
        try:
            await asyncio.shield(stored)
        except Exception:  # noqa: BLE001  not stored, so not answered; the recorder has logged why
            return
        self._answer(reading)

    def _answer(self, reading: Arrival) -> None:
        """Answer the frame, then what it says: a registration, a text to us."""
        assert reading.stored is not None
        reading.stored()
        inner = reading.fields["hdap"]
        if reading.kind == "register" and reading.sender:
            # Whoever registers may use the network: whom we know is another matter.
            subnet = inner["radio"]["subnet"]
            ack = registration.register_ack(int(reading.sender), self.habits.renew, subnet=subnet)
            self._network.send(RRS, reading.slot, ack)
        elif reading.kind == "private_text" and self._is_ours(reading):
            ack = words.private_ack(
                inner["request_id"],
                inner["dest"]["id"],
                inner["source"]["id"],
                subnet=inner["dest"]["subnet"],
            )
            self._network.send(TMP, reading.slot, ack)


def _calls_for_help(signal: Signal) -> bool:
    return isinstance(signal, Distress) or (isinstance(signal, Text) and is_distress(signal.text))
