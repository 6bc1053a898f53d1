"""Docks and remote controls that bring their aircraft by the DJI Cloud API: one session with their broker.

What is heard is acknowledged when it is stored; a dock is answered (`status_reply`) when that is done.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any
from uuid import uuid4

import structlog

from app.background import alongside
from app.devices.adapter import Garbage, Reading
from app.devices.adapters.dji import FAMILY, meaning, read_message, topics
from app.devices.adapters.dji.messages import Answered, Asked, Envelope, Reply, State, Topology, read, written
from app.devices.driver import Driver, Probed, Rig
from app.devices.drones.intake import DroneIntake
from app.devices.drones.live import ANSWER_WITHIN_S, Answer, Verb
from app.devices.garbage import note_garbage
from app.devices.inbox import kept
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.link import Heard, MqttLink, Refused
from app.org.store import DeviceFact

log = structlog.get_logger()
RECEIVE_MAXIMUM = 500
MAX_WAITING = 5_000


class DjiCloud:
    """Holds the session with the broker of docks and remote controls."""

    name = FAMILY

    def __init__(self, rig: Rig) -> None:
        settings = rig.settings
        self._rig = rig
        self._intake = DroneIntake(rig, FAMILY)
        self._waiting: deque[Heard] = deque()
        self._arrived = asyncio.Event()
        self._asked: dict[str, tuple[str, str, asyncio.Future[int]]] = {}
        broker = parse_broker(
            settings.dji_mqtt_url, ca=settings.mqtt_ca, cert=settings.mqtt_cert, key=settings.mqtt_key
        )
        client_id = f"{settings.mqtt_client_id or f'zhishou-{settings.stream}'}-dji"
        shared = settings.mqtt_shared and broker.version == "5"
        heard = [f"$share/zhishou-dji/{topic}" if shared else topic for topic in topics.HEARD]
        # The answer to a question must reach the node that asked: it is never shared.
        self.link = MqttLink(
            broker, client_id, self._hear, [*heard, topics.REPLIES], receive_maximum=RECEIVE_MAXIMUM
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[DjiCloud]:
        """Hear and be heard while the block lasts; what is not stored at its end comes again."""
        async with self.link.running(), alongside(self._run()):
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of the session, and how much waits."""
        return {**self.link.health(), "waiting": len(self._waiting)}

    async def send_waiting(self) -> None:
        """Send nothing: drones get no messages."""

    async def probe(self, _device: DeviceFact) -> Probed | None:
        """Return None: a drone is heard, not asked."""
        return None

    async def ask(self, gateway: str, verb: Verb, data: dict[str, Any]) -> Answer:
        """Ask a dock to start or stop its live picture, and wait for its answer."""
        if not self.link.connected:
            return Answer("not_sent")
        tid, bid = str(uuid4()), str(uuid4())
        answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._asked[tid] = (bid, gateway, answered)
        message = written(Asked(tid, bid, self._now_ms(), verb, data))
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self.link.publish(
                    topics.services_topic(gateway),
                    message,
                    expires_in_s=int(ANSWER_WITHIN_S),
                    to_somebody=True,
                )
                result = await answered
        except Refused:
            return Answer("not_sent")
        except TimeoutError:
            return Answer("no_answer")
        finally:
            del self._asked[tid]
        return Answer("done") if result == 0 else Answer("refused", result)

    def _hear(self, heard: Heard) -> None:
        if len(self._waiting) >= MAX_WAITING:  # telemetry of QoS 0: the oldest is worth the least
            self.link.ack(self._waiting.popleft())
        self._waiting.append(heard)
        self._arrived.set()

    async def _run(self) -> None:
        while True:
            if not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
            heard = self._waiting.popleft()
            try:
                await kept(partial(self._take, heard))
            except Exception as error:
                log.error("drone_message_lost", topic=heard.topic, error=repr(error), exc_info=error)
            self.link.ack(heard)

    async def _take(self, heard: Heard) -> None:
        reading = (
            Garbage(heard.payload, "retained") if heard.retained else read_message(heard.topic, heard.payload)
        )
        if isinstance(reading, Garbage):
            note_garbage(FAMILY, reading)
            return
        found = read(reading.kind, heard.payload)
        assert not isinstance(found, str)  # it was read just now
        envelope, data = found
        if isinstance(data, Reply):
            self._answered(reading, envelope, data)
        elif isinstance(data, Topology):
            await self._topology(reading, envelope, data)
        elif reading.kind == "events":
            await self._event(reading, envelope)
        else:
            await self._properties(reading, envelope, data)

    async def _properties(self, reading: Reading, envelope: Envelope, data: Any) -> None:
        told = meaning.device_time(envelope)
        at_ms = envelope.timestamp if reading.kind == "osd" else None
        await self._intake.hear(reading, self.name, at_ms=at_ms, told_time=told)
        if isinstance(data, State):
            for sn, video in meaning.streams(data).items():
                if (device := await self._rig.register.find(FAMILY, sn)) is not None:
                    self._rig.pump.note(device.id, {"video_id": video, "gateway": reading.sender})

    async def _topology(self, reading: Reading, envelope: Envelope, told: Topology) -> None:
        """Note which aircraft is with which gateway, and answer once that is stored.

        A gateway of which neither it nor an aircraft stands in the register is noted and not answered.
        """
        find = partial(self._rig.register.find, FAMILY)
        own = await find(reading.sender)
        with_it = [d for sn in meaning.aircraft_of(told) if (d := await find(sn)) is not None]
        if own is None and not with_it:
            await self._rig.register.quarantine(FAMILY, reading.sender, reading.raw)
            for sn in meaning.aircraft_of(told):
                await self._rig.register.quarantine(FAMILY, sn, reading.raw)
            return
        pump = self._rig.pump
        if own is not None:
            pump.note(own.id, {"role": "dock", "aircraft": meaning.aircraft_of(told)}, self.name)
        for device in with_it:
            pump.note(device.id, {"gateway": reading.sender}, self.name)
        await pump.recorder.flush()
        self._answer(topics.status_reply_topic(reading.sender), envelope)

    async def _event(self, reading: Reading, envelope: Envelope) -> None:
        if envelope.need_reply:
            self._answer(topics.events_reply_topic(reading.sender), envelope)

    def _answer(self, topic: str, envelope: Envelope) -> None:
        if self.link.connected:
            told = Answered(envelope.tid, envelope.bid, self._now_ms(), envelope.method, {"result": 0})
            self.link.publish(topic, written(told))

    def _answered(self, reading: Reading, envelope: Envelope, reply: Reply) -> None:
        """Give an answer to who asked: transaction, business and dock must be those of the question."""
        bid, gateway, waiting = self._asked.get(envelope.tid, ("", "", None))
        if waiting is None or (bid, gateway) != (envelope.bid, reading.sender):
            note_garbage(FAMILY, Garbage(reading.raw, "answer to nothing"))
            return
        with suppress(asyncio.InvalidStateError):  # it answered twice
            waiting.set_result(reply.result)

    def _now_ms(self) -> int:
        return int(self._rig.clock.now().timestamp() * 1000)


def drivers(rig: Rig) -> list[Driver]:
    """Return the driver of docks, if their broker is set. Raises ValueError for a URL that names none."""
    return [DjiCloud(rig)] if rig.settings.dji_mqtt_url else []
