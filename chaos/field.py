"""Devices: vehicle terminals that call for help by TCP, and a gateway of radios at the broker."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from app.demo.movement import Motion
from app.simulators.terminal import Pace, Terminal, TypePlate
from chaos.line import Line
from chaos.person import Watch
from chaos.transcript import Transcript

NOBODY_LISTENS = 0x10  # MQTT 5: the broker has thrown the message away
_PACE = Pace(period_s=4, sos_s=1, heartbeat_s=20, patience_s=8, retry_s=0.5, retry_most_s=3)


class Vehicle:
    """A terminal of the simulator. Noted: when SOS was pressed, and when the platform had confirmed it."""

    def __init__(self, number: str, line: Line, notes: Transcript, watch: Watch, draw: random.Random) -> None:
        self._notes, self._watch, self._draw = notes, watch, draw
        self._terminal = Terminal(
            TypePlate(number, f"樟Z{number[-5:]}"),
            "127.0.0.1",
            line.port,
            lambda: Motion(115.55 + draw.uniform(-0.01, 0.01), 27.95, 0.0, 0.0),
            pace=_PACE,
        )

    async def work(self) -> None:
        """Drive, and call for help from time to time, until the watch is over."""
        life = asyncio.create_task(self._terminal.run())
        try:
            while not self._watch.over.is_set():
                await asyncio.sleep(self._draw.uniform(3, 12))
                await self._press()
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._terminal.close(), 5)
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)

    async def _press(self) -> None:
        pressed = datetime.now(UTC)
        self._terminal.press_sos()
        while self._terminal.sos:
            await asyncio.sleep(0.05)
        confirmed = datetime.now(UTC)
        self._notes.note(
            "frame",
            family="jt808",
            number=self._terminal.phone,
            pressed=pressed.isoformat(),
            confirmed=confirmed.isoformat(),
        )


class Gateway:
    """A gateway as an integrator writes one: QoS 1; what the broker has confirmed is off its list."""

    def __init__(
        self,
        name: str,
        radios: tuple[str, ...],
        line: Line,
        notes: Transcript,
        watch: Watch,
        draw: random.Random,
    ) -> None:
        self._name, self._radios = name, radios
        self._line, self._notes, self._watch, self._draw = line, notes, watch, draw
        self._epoch, self._seq = str(UUID(int=draw.getrandbits(128), version=4)), 0
        self.facts = 0
        self._waiting: dict[int, dict[str, Any]] = {}
        self._again: list[dict[str, Any]] = []
        self._devices: dict[str, str] = {}
        self._answers: deque[tuple[int, int]] = deque()
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=f"far-{name}", protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.reconnect_delay_set(1, 2)
        self._client.max_inflight_messages_set(20)
        self._client.on_publish = self._answered

    async def work(self) -> None:
        """Say something every second or so until the watch is over; then wait for the broker's word."""
        told = {"state": "ONLINE", "epoch": self._epoch, "sw": "chaos 1.0", "proto": "hytera-hdap"}
        self._client.connect_async("127.0.0.1", self._line.port, keepalive=10, clean_start=False)
        self._client.loop_start()
        self._client.publish(f"ecd/v1/gateway/{self._name}/state/conn", json.dumps(told), 1, retain=True)
        while not self._watch.over.is_set():
            await asyncio.sleep(self._draw.uniform(0.3, 1.5))
            self._say()
            self._send()
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while self._waiting or self._again or self._answers:
                    await asyncio.sleep(0.5)
                    self._send()
        self._client.loop_stop()

    def _say(self) -> None:
        self._seq += 1
        kind = self._draw.choices(("text", "location", "emergency"), (6, 3, 1))[0]
        event = {
            "v": 1,
            "id": str(uuid4()),
            "ts": datetime.now(UTC).isoformat(),
            "seq": self._seq,
            "epoch": self._epoch,
            "type": kind,
            "data": self._data(kind),
        }
        self._devices[str(event["id"])] = self._draw.choice(self._radios)
        self._again.append(event)

    def _send(self) -> None:
        """Send what is new and again what the broker threw away; note what it has taken."""
        while self._answers:
            mid, reason = self._answers.popleft()
            self._confirmed(mid, reason)
        while self._again:
            event = self._again.pop(0)
            where = f"{self._name}/device/{self._devices[event['id']]}/event/{event['type']}"
            sent = self._client.publish(f"ecd/v1/gateway/{where}", json.dumps(event), 1)
            self._waiting[sent.mid] = event

    def _data(self, kind: str) -> dict[str, Any]:
        now = int(datetime.now(UTC).timestamp())
        if kind == "text":
            return {"text": f"{self._name}-{self._seq:06d}"}
        place = {"lat": 28.1 + self._draw.random() / 100, "lon": 115.6, "tst": now}
        return {"active": True, **place} if kind == "emergency" else place

    def _answered(self, _c: Any, _u: Any, mid: int, reason: ReasonCode, _p: Any) -> None:
        """Note an answer, in paho's own thread, which holds its locks: nothing else may be done here."""
        self._answers.append((mid, reason.value))

    def _confirmed(self, mid: int, reason: int) -> None:
        event = self._waiting.pop(mid, None)
        if event is None:
            return
        if reason == NOBODY_LISTENS:  # thrown away: again, under its own id
            self._again.append(event)
            return
        self.facts += event["type"] != "location"
        self._notes.note(
            "frame", family="gateway", id=event["id"], type=event["type"], text=event["data"].get("text")
        )
