"""Messages of gateways become facts: a batch returns when, and only when, what it said is committed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

import structlog

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.mqtt_gateway import FAMILY, topics
from app.devices.adapters.mqtt_gateway.envelope import EVENT_DATA, Event, Message, read_envelope, read_state
from app.devices.adapters.mqtt_gateway.meaning import fix_of, signals_of
from app.devices.adapters.mqtt_gateway.topics import DeviceTopic, StateTopic
from app.devices.driver import Rig
from app.devices.garbage import note_garbage
from app.devices.inbox import BACKOFF_S, passing
from app.devices.metrics import READINGS, REFUSED
from app.devices.mqtt import actions, store
from app.devices.mqtt.commands import outcome_of
from app.devices.mqtt.link import Heard
from app.devices.mqtt.rules import still_true
from app.devices.mqtt.store import GatewayState
from app.devices.pump import position
from app.devices.satphone import numbers as satphone
from app.org import store as org
from app.org.store import DeviceFact
from app.signals import Distress, Receipt, Ring, Signal, Talk, Text
from app.tracking.store import Heard as Position

log = structlog.get_logger()
GATEWAY = "gateway"
ROSTER_FOR = timedelta(seconds=5)
QUARANTINE_EVERY = timedelta(seconds=60)
MAX_QUARANTINED = 1000
MAX_DONE = 10_000
BREATHE_EVERY = 100
_topic = lru_cache(maxsize=20_000)(topics.parse_topic)


@dataclass
class _Batch:
    """What a batch adds up to before it is committed."""

    now: datetime
    known: set[UUID] = field(default_factory=set)
    positions: list[Position] = field(default_factory=list)
    facts: list[UUID] = field(default_factory=list)
    numbers: dict[tuple[int, UUID], list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    """One good event: who told it, and of which device."""

    heard: Heard
    place: DeviceTopic
    gateway: GatewayState
    head: Event
    data: Any

    @property
    def via(self) -> str:
        return f"{GATEWAY}:{self.place.gateway}"

    @property
    def families(self) -> tuple[str, ...]:
        """The families in which the number is looked for: the one named, if the gateway may carry it."""
        named = self.head.family
        return (named,) if named in self.gateway.carries and named else self.gateway.carries

    @property
    def is_position(self) -> bool:
        return self.head.type == "location" and self.data.t != "e"

    @property
    def is_answer(self) -> bool:
        return self.head.type in ("txack", "ack")


class Intake:
    """Takes batches of messages in. `answered` is told every answer to a command, by the command's id."""

    def __init__(self, rig: Rig, answered: Callable[[Receipt], None]) -> None:
        self._rig = rig
        self._answered = answered
        self._roster: dict[str, GatewayState] = {}
        self._roster_at: datetime | None = None
        self._noted: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._done: OrderedDict[UUID, None] = OrderedDict()

    @property
    def roster(self) -> dict[str, GatewayState]:
        """The gateways of the register as last read."""
        return self._roster

    async def take(self, batch: Sequence[Heard]) -> None:
        """Take messages in, in their order, however long the database is away."""
        attempt = 0
        while True:
            try:
                await self._take(batch)
            except Exception as error:  # noqa: BLE001  waited for, or logged with its message
                if passing(error):
                    if attempt == 0:
                        log.error("gateway_events_wait", messages=len(batch), error=repr(error))
                    await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
                    attempt += 1
                    continue
                if len(batch) > 1:  # one that does not fit must not hold the others
                    for heard in batch:
                        await self.take([heard])
                else:
                    told = {"topic": batch[0].topic, "raw_hex": batch[0].payload.hex()}
                    log.error("gateway_event_lost", **told, error=repr(error))
            return

    async def _take(self, batch: Sequence[Heard]) -> None:
        work = _Batch(self._rig.clock.now())
        told: list[_Told] = []
        for number, heard in enumerate(batch):
            if number % BREATHE_EVERY == 0:
                await asyncio.sleep(0)  # screens and calls of other links get their turn
            if (one := await self._read(heard, work.now)) is not None:
                told.append(one)
        facts = [t.head.id for t in told if not t.is_position and not t.is_answer]
        if facts:
            async with self._rig.database.transaction() as tx:
                work.known = await store.known(tx, facts)
        for family in {one.families[0] for one in told}:
            ours = (t.place.device for t in told if t.families[0] == family)
            await self._rig.register.look_up(family, ours)
        for number, one in enumerate(told):
            if number % BREATHE_EVERY == 0:
                await asyncio.sleep(0)
            await self._hear(one, work)
        await self._commit(work)

    async def _commit(self, work: _Batch) -> None:
        recorder = self._rig.pump.recorder
        if work.positions:
            stored = await recorder.record(work.positions)
            await recorder.flush()
            await stored
        if work.numbers or work.facts:
            async with self._rig.database.transaction() as tx:
                await store.remember(tx, work.facts, work.now)
                await store.note_numbers(tx, work.numbers, work.now)

    async def _read(self, heard: Heard, now: datetime) -> _Told | None:
        """Return an event of a gateway that may speak; states are taken in, all else is counted."""
        place = _topic(heard.topic)
        if place is None:
            note_garbage(FAMILY, Garbage(heard.payload, "wrong topic"))
            return None
        gateway = await self._gateway(place.gateway, heard.payload, now)
        if gateway is None:
            return None
        if isinstance(place, StateTopic):
            await self._state(gateway, heard, now)
            return None
        message = _event(place, heard)
        if isinstance(message, str):
            note_garbage(FAMILY, Garbage(heard.payload, message))
            return None
        READINGS.labels(FAMILY, message.head.type).inc()
        assert isinstance(message.head, Event)
        return _Told(heard, place, gateway, message.head, message.data)

    async def _gateway(self, number: str, payload: bytes, now: datetime) -> GatewayState | None:
        """Return a gateway of the register; a strange one is noted and not believed."""
        if self._roster_at is None or now - self._roster_at >= ROSTER_FOR:
            await self.read_roster()
        if (found := self._roster.get(number)) is None:
            REFUSED.labels(FAMILY, "unknown gateway").inc()
            await self._quarantine(GATEWAY, number, payload, now)
        return found

    async def read_roster(self) -> None:
        """Read the gateways of the register anew."""
        async with self._rig.database.transaction() as tx:
            found = await store.gateways(tx, self._rig.stream)
        self._roster = {gateway.number: gateway for gateway in found}
        self._roster_at = self._rig.clock.now()

    async def _quarantine(self, family: str, number: str, payload: bytes, now: datetime) -> None:
        """Note a strange number once a minute: each note is a transaction."""
        last = self._noted.get((family, number))
        if last is not None and now - last < QUARANTINE_EVERY:
            return
        self._noted[family, number] = now
        while len(self._noted) > MAX_QUARANTINED:
            self._noted.popitem(last=False)
        await self._rig.register.quarantine(family, number, payload)

    async def _state(self, gateway: GatewayState, heard: Heard, now: datetime) -> None:
        told = read_state(heard.payload) if heard.payload else None
        if isinstance(told, str):
            note_garbage(FAMILY, Garbage(heard.payload, told))
            return
        async with self._rig.database.transaction() as tx:
            state = await actions.hear_state(tx, gateway.device_id, told, now)
        if state is not None:
            log.info("gateway_state", gateway=gateway.number, state=state)
            self._roster_at = None
        recorder = self._rig.pump.recorder
        if told is not None and told.state == "ONLINE":
            recorder.touch(gateway.device_id)
            said = {"connection": "online", "firmware": told.sw, "protocol": told.proto}
            recorder.note_health(gateway.device_id, {k: v for k, v in said.items() if v})
        else:
            recorder.note_health(gateway.device_id, {"connection": state or "offline"})

    async def _hear(self, told: _Told, work: _Batch) -> None:
        head = told.head
        if head.seq is not None and head.epoch is not None:
            work.numbers.setdefault((told.gateway.device_id, head.epoch), []).append(head.seq)
        self._rig.pump.recorder.touch(told.gateway.device_id)
        if told.is_position:
            await self._position(told, work)
        elif told.is_answer:
            await self._answer(told)
        elif head.id in work.known:
            REFUSED.labels(FAMILY, "repeated event").inc()
        else:
            work.known.add(head.id)
            if head.id not in self._done:
                await self._fact(told, work.now)
            work.facts.append(head.id)  # done earlier, too: the database may have gone before the note
            self._done[head.id] = None
            while len(self._done) > MAX_DONE:
                self._done.popitem(last=False)

    async def _position(self, told: _Told, work: _Batch) -> None:
        device = await self._device(told, work.now)
        if device is not None and told.data.valid:
            self._rig.pump.recorder.touch(device.id, told.via)
            work.positions.append(position(device, fix_of(told.data), work.now))

    async def _answer(self, told: _Told) -> None:
        """Let an answer move the message or the question it belongs to."""
        for receipt in signals_of(told.place.device, told.head, told.data):
            assert isinstance(receipt, Receipt)
            self._answered(receipt)
            await self._rig.pump.hear_answer(receipt.ref, outcome_of(receipt))

    async def _fact(self, told: _Told, now: datetime) -> None:
        sent_at = told.head.ts.astimezone(UTC)
        signals = still_true(signals_of(told.place.device, told.head, told.data), sent_at, now)
        device = await self._device(told, now, signals)
        if device is None and any(isinstance(s, Talk | Ring) for s in signals):
            async with self._rig.database.transaction() as tx:  # the gateway itself tells of a strange talker
                device = await org.device_by_number(tx, (GATEWAY,), told.place.gateway)
        if device is not None:
            reading = Reading(FAMILY, told.head.type, told.place.device, {}, told.heard.payload, signals)
            claim = partial(store.claim, event=told.head.id, now=now)
            if (stored := await self._rig.pump.hear(device, reading, told.via, claim)) is not None:
                await self._rig.pump.recorder.flush()
                await stored

    def _ways(self, family: str, number: str) -> tuple[str, ...]:
        """Return how the register may write a number: a telephone's, E.164 here, may be national."""
        if family != satphone.FAMILY:
            return (number,)
        return (number, *satphone.spellings(f"+{number}", self._rig.settings.satphone_country)[1:])

    async def _device(
        self, told: _Told, now: datetime, signals: tuple[Signal, ...] = ()
    ) -> DeviceFact | None:
        """Return the device an event is of. A strange one is noted; its call or its words are heard still."""
        number = told.place.device
        if number.startswith("g"):
            return None
        for family in told.families:
            for way in self._ways(family, number):
                if found := await self._rig.register.find(family, way):
                    return found
        family = told.families[0]
        if not any(isinstance(s, Distress | Text) for s in signals):
            await self._quarantine(family, number, told.heard.payload, now)
            return None
        return await self._rig.register.admit(family, number, told.heard.payload, f"未登记设备 {number}")


def _event(place: DeviceTopic, heard: Heard) -> Message | str:
    if heard.retained:  # it would come again with every connection
        return "retained event"
    if place.type not in EVENT_DATA:
        return "wrong topic"
    message = read_envelope(heard.payload)
    if not isinstance(message, str) and message.head.type != place.type:
        return "topic and type differ"
    return message
