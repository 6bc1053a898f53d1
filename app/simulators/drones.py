"""Simulated drones: one that speaks MAVLink over UDP, and a DJI dock with its aircraft at a broker."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog

from app.background import alongside
from app.clock import SystemClock
from app.devices.adapters.dji import topics
from app.devices.adapters.mavlink import messages
from app.devices.adapters.mavlink.frames import build
from app.devices.mqtt.broker import Broker, parse_broker
from app.devices.mqtt.link import Heard, MqttLink
from app.simulators.flight import ROUND_S, Aloft, flown

log = structlog.get_logger()
EVERY_S = 1.0
DEMO_DOCK = "7CTDM4100DEMO1"
ON_THE_GROUND_S = 8.0  # before the first take-off: a centre sees it leave the ground
OSD_EVERY_S = 2.0
_WALL = SystemClock()
_LANDED = {"on_ground": 1, "in_air": 2, "taking_off": 3, "landing": 4}
_MODE = {"on_ground": 0, "taking_off": 4, "in_air": 5, "landing": 10}


async def simulate_drones(
    places: Mapping[str, tuple[float, float]], mavlink_udp: str, dji_mqtt_url: str
) -> None:
    """Fly drones over their places, by whichever ways are set, until cancelled."""
    async with asyncio.TaskGroup() as group:
        for number, (lon, lat) in places.items():
            if number.isdigit() and mavlink_udp:
                host, _, port = mavlink_udp.rpartition(":")
                group.create_task(MavlinkDrone(int(number), lon, lat).run(host, int(port)))
            elif not number.isdigit() and dji_mqtt_url:
                dock = DjiDock(parse_broker(dji_mqtt_url), DEMO_DOCK, number, lon, lat)
                group.create_task(dock.run())


class MavlinkDrone:
    """A quadcopter that flies over a place, as its telemetry radio tells of it."""

    def __init__(
        self, system: int, lon: float, lat: float, *, now: Callable[[], datetime] = _WALL.now
    ) -> None:
        self._system = system
        self._place = (lon, lat)
        self._now = now
        self._began = now()
        self._flew_s = 0.0
        self._seq = 0

    def datagrams(self) -> Iterator[bytes]:
        """Yield what it tells at this instant, one frame a datagram."""
        now = self._now()
        aloft = flown(*self._place, (now - self._began).total_seconds() + self._flew_s)
        boot_ms = int((now - self._began).total_seconds() * 1000)
        armed = 0x80 if aloft.landed != "on_ground" else 0
        turn = math.radians(aloft.heading_deg)
        speed = aloft.speed_mps * 100
        for number, values in (
            (messages.HEARTBEAT, (0, 2, 3, 0x51 | armed, 4 if armed else 3, 3)),
            (messages.SYS_STATUS, (0, 0, 0, 350, 15_800, 900, 0, 0, 0, 0, 0, 0, int(aloft.battery_pct))),
            (messages.SYSTEM_TIME, (int(now.timestamp() * 1_000_000), boot_ms)),
            (
                messages.GLOBAL_POSITION_INT,
                (
                    boot_ms,
                    round(aloft.lat * 1e7),
                    round(aloft.lon * 1e7),
                    round((60 + aloft.height_m) * 1000),
                    round(aloft.height_m * 1000),
                    round(speed * math.cos(turn)),
                    round(speed * math.sin(turn)),
                    0,
                    round(aloft.heading_deg * 100) % 36_000,
                ),
            ),
            (messages.EXTENDED_SYS_STATE, (0, _LANDED[aloft.landed])),
        ):
            self._seq = (self._seq + 1) & 0xFF
            payload = messages.LAYOUTS[number][0].pack(*values)
            yield build(number, payload, seq=self._seq, system=self._system)

    async def run(self, host: str, port: int) -> None:
        """Send for ever, first from the ground; a centre that is not there yet is no error."""
        self._flew_s = ROUND_S - ON_THE_GROUND_S
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=(host, port))
        try:
            while True:
                for datagram in self.datagrams():
                    transport.sendto(datagram)
                await asyncio.sleep(EVERY_S)
        finally:
            transport.close()


class DjiDock:
    """A dock with one aircraft: tells who is there, where it is, and does what it is asked about the picture.

    `answers` False lets it stay silent; `result` is what it answers; `asked` what it was asked.
    """

    def __init__(
        self,
        broker: Broker,
        gateway: str,
        aircraft: str,
        lon: float,
        lat: float,
        *,
        now: Callable[[], datetime] = _WALL.now,
    ) -> None:
        self.gateway, self.aircraft = gateway, aircraft
        self.asked: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any]] = []
        self.answers = True
        self.result = 0
        self._place = (lon, lat)
        self._now = now
        self._began = now()
        self.link = MqttLink(
            broker,
            f"sim-{gateway}",
            self._hear,
            [topics.services_topic(gateway), topics.status_reply_topic(gateway)],
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[DjiDock]:
        """Keep the session while the block lasts; it tells nothing by itself."""
        async with self.link.running():
            yield self

    async def run(self) -> None:
        """Tell of the flight for ever."""
        async with self.running():
            while not self.link.connected:  # noqa: ASYNC110 - it is a flag
                await asyncio.sleep(0.1)
            self._began -= timedelta(seconds=ROUND_S - ON_THE_GROUND_S)
            self.come_online()
            async with alongside(self._fly()):
                await asyncio.Event().wait()

    async def _fly(self) -> None:
        while True:
            self.tell(self.osd(flown(*self._place, (self._now() - self._began).total_seconds())))
            await asyncio.sleep(OSD_EVERY_S)

    def come_online(self, *, with_aircraft: bool = True) -> asyncio.Future[None]:
        """Tell the centre who is here."""
        there = [{"sn": self.aircraft, "domain": "0", "type": 91, "sub_type": 0, "index": "A"}]
        data = {
            "domain": "3",
            "type": 2,
            "sub_type": 0,
            "thing_version": "1.1.2",
            "sub_devices": there if with_aircraft else [],
        }
        return self._send(topics.status_topic(self.gateway), "update_topo", data)

    def tell(self, data: dict[str, Any], **head: Any) -> asyncio.Future[None]:
        """Tell the aircraft's properties."""
        return self._send(topics.osd_topic(self.aircraft), "", data, **head)

    def answer(self, asked: dict[str, Any], result: int, **head: Any) -> asyncio.Future[None]:
        """Answer a request."""
        told = {"tid": asked["tid"], "bid": asked["bid"], **head}
        return self._send(
            topics.services_reply_topic(self.gateway), asked["method"], {"result": result}, **told
        )

    @staticmethod
    def osd(aloft: Aloft) -> dict[str, Any]:
        """Return the properties of an aircraft (10.aircraft/10.m3d-properties.md)."""
        heading = aloft.heading_deg if aloft.heading_deg <= 180 else aloft.heading_deg - 360
        return {
            "mode_code": _MODE[aloft.landed],
            "longitude": aloft.lon,
            "latitude": aloft.lat,
            "height": 60 + aloft.height_m,
            "elevation": aloft.height_m,
            "attitude_head": round(heading),
            "horizontal_speed": aloft.speed_mps,
            "vertical_speed": 0,
            "wind_speed": 3.4,
            "wind_direction": 3,
            "battery": {"capacity_percent": int(aloft.battery_pct), "remain_flight_time": 1500},
            "position_state": {"is_fixed": 2, "quality": 5, "gps_number": 22, "rtk_number": 19},
            "cameras": [{"payload_index": "81-0-0", "camera_mode": 1}],
        }

    def _send(self, topic: str, method: str, data: dict[str, Any], **head: Any) -> asyncio.Future[None]:
        told = {
            "tid": str(uuid4()),
            "bid": str(uuid4()),
            "timestamp": int(self._now().timestamp() * 1000),
            "gateway": self.gateway,
            **({"method": method} if method else {}),
            **head,
            "data": data,
        }
        return self.link.publish(topic, json.dumps(told).encode())

    def _hear(self, heard: Heard) -> None:
        told = json.loads(heard.payload)
        if heard.topic == topics.status_reply_topic(self.gateway):
            self.replies.append(told)
        else:
            log.info("simulated_dock_asked", method=told["method"], url=told["data"].get("url", ""))
            self.asked.append(told)
            if self.answers:
                self.answer(told, self.result)
        self.link.ack(heard)
