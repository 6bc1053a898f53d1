"""A gateway of a 370 MHz network as an integrator writes one: JSON by hand, walking radios, any trouble."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog

from app.background import alongside
from app.clock import SystemClock
from app.demo.movement import Motion
from app.devices.mqtt.broker import Broker
from app.devices.mqtt.client import Will
from app.devices.mqtt.link import Heard, MqttLink, Refused

log = structlog.get_logger()
KEPT = 2000
_WALL = SystemClock()


@dataclass
class Radio:
    """A radio behind the gateway; one that is silent has its battery out."""

    number: str
    motion: Callable[[], Motion]
    battery_pct: float = 90.0
    silent: bool = False
    read: list[str] = field(default_factory=list)


@dataclass
class Trouble:
    """What goes wrong with answers: late by so many seconds, lost, or another result than ok."""

    delay_s: float = 0.0
    lose: bool = False
    result: str = "ok"
    far_result: str = "ok"


class SimulatedGateway:
    """Speaks for its radios. `on_text` is told what a radio is sent, and may answer through `say`."""

    def __init__(
        self,
        broker: Broker,
        name: str,
        radios: Sequence[Radio],
        *,
        period_s: float = 30.0,
        now: Callable[[], datetime] = _WALL.now,
        on_text: Callable[[str, str], None] = lambda _, __: None,
    ) -> None:
        self.name = name
        self.radios = {radio.number: radio for radio in radios}
        self.trouble = Trouble()
        self.commands: list[dict[str, Any]] = []
        self.sent: deque[tuple[str, bytes]] = deque(maxlen=KEPT)
        self._root = f"ecd/v1/gateway/{name}"
        self._period_s = period_s
        self._now = now
        self._on_text = on_text
        self._epoch = str(uuid4())
        self._seq = 0
        self._done: dict[str, str] = {}
        self._later: set[asyncio.TimerHandle] = set()
        self.link = MqttLink(
            broker,
            name,
            self._heard,
            [f"{self._root}/device/+/command/+"],
            will=Will(f"{self._root}/state/conn", b'{"state":"OFFLINE"}'),
            came_up=self._online,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SimulatedGateway]:
        """Be on the air while the block lasts."""
        try:
            async with self.link.running(), alongside(self._walk()):
                yield self
        finally:
            for handle in self._later:
                handle.cancel()

    def say(self, number: str, text: str) -> None:
        """Let a radio send a text."""
        self._tell(number, "text", {"text": text})

    def press_sos(self, number: str) -> None:
        """Press a radio's emergency key."""
        here = self.radios[number].motion()
        place = {"lat": round(here.lat, 6), "lon": round(here.lon, 6), "tst": self._unix()}
        log.info("simulated_sos", radio=number)
        self._tell(number, "emergency", {"active": True, "kind": 1, **place})

    def talk(self, number: str, group: str, *, over: bool) -> None:
        """Press (or, when it is over, release) a radio's talk key."""
        told = {
            "state": "end" if over else "start",
            "call_id": f"{number}-{group}",
            "from": number,
            "to": group,
        }
        self._tell(number, "call", told)

    def replay(self) -> None:
        """Send all that was kept once more, as a gateway does that forgot what it had sent."""
        for topic, payload in list(self.sent):
            self._publish(topic, payload)

    def lose(self, count: int) -> None:
        """Lose some events: their numbers are missing."""
        self._seq += count

    def restart(self) -> None:
        """Begin a new run: a new epoch, numbers from one, nothing remembered of commands."""
        self._epoch, self._seq = str(uuid4()), 0
        self._online()

    def _unix(self) -> int:
        return int(self._now().timestamp())

    def _online(self) -> None:
        told = {
            "state": "ONLINE",
            "ts": self._now().isoformat(),
            "epoch": self._epoch,
            "sw": "simulated-gateway",
            "proto": "pdt",
        }
        self._publish(f"{self._root}/state/conn", json.dumps(told).encode(), retain=True)
        for radio in self.radios.values():
            if not radio.silent:
                self._tell(radio.number, "join", {"renew_s": 10 * self._period_s})

    async def _walk(self) -> None:
        """Report every radio once a period, spread over it."""
        while True:
            for radio in list(self.radios.values()):
                await asyncio.sleep(self._period_s / max(1, len(self.radios)))
                if not radio.silent and self.link.connected:
                    self._report(radio)

    def _report(self, radio: Radio) -> None:
        here = radio.motion()
        place = {
            "lat": round(here.lat, 6),
            "lon": round(here.lon, 6),
            "tst": self._unix(),
            "vel": round(here.speed_mps * 3.6, 1),
            "cog": round(here.course_deg, 1),
            "t": "p",
        }
        self._tell(radio.number, "location", place)
        radio.battery_pct = max(0.0, radio.battery_pct - 0.05)
        if self._seq % 10 == 0:
            self._tell(radio.number, "status", {"battery_pct": round(radio.battery_pct, 1)})

    def _tell(self, device: str, kind: str, data: dict[str, Any], corr: str | None = None) -> None:
        self._seq += 1
        event = {
            "v": 1,
            "id": str(uuid4()),
            "ts": self._now().isoformat(),
            "seq": self._seq,
            "epoch": self._epoch,
            "type": kind,
            "data": data,
            **({"corr": corr} if corr else {}),
        }
        topic, payload = f"{self._root}/device/{device}/event/{kind}", json.dumps(event).encode()
        self.sent.append((topic, payload))
        self._publish(topic, payload)

    def _publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.link.publish(topic, payload, retain=retain).add_done_callback(_note_refusal)

    def _heard(self, heard: Heard) -> None:
        self.link.ack(heard)
        try:
            command = json.loads(heard.payload)
            device = heard.topic.split("/")[5]
            ends = datetime.fromisoformat(command["expires_at"])
        except (ValueError, KeyError, IndexError, TypeError):
            log.warning("simulated_gateway_cannot_read", topic=heard.topic)
            return
        self.commands.append(command)
        if command["id"] in self._done:
            self._answer(device, command, "txack", "duplicate", reason=self._done[command["id"]])
        elif ends <= self._now():
            self._answer(device, command, "txack", "expired")
        else:
            self._obey(device, command)

    def _obey(self, device: str, command: dict[str, Any]) -> None:
        radio = self.radios.get(device)
        result = "failed" if radio is None else self.trouble.result
        self._done[command["id"]] = result
        self._answer(device, command, "txack", result)
        if radio is None or radio.silent or result != "ok":
            return
        if command["type"] == "cmd.text":
            radio.read.append(command["data"]["text"])
            self._on_text(device, command["data"]["text"])
        self._answer(device, command, "ack", self.trouble.far_result)
        if command["type"] == "cmd.locate":
            self._report(radio)

    def _answer(self, device: str, command: dict[str, Any], kind: str, result: str, reason: str = "") -> None:
        if self.trouble.lose:
            return
        told = {"result": result, **({"reason": reason} if reason else {})}

        def answer() -> None:
            self._later.discard(handle)
            self._tell(device, kind, told, corr=command["id"])

        handle = asyncio.get_running_loop().call_later(self.trouble.delay_s, answer)
        self._later.add(handle)


def _note_refusal(sent: asyncio.Future[None]) -> None:
    if not sent.cancelled() and isinstance(error := sent.exception(), Refused):
        log.error("simulated_gateway_refused", reason=error.reason)
