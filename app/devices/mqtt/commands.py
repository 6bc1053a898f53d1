"""Commands to devices behind gateways: what leaves, under which id, and whose answer is awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import structlog

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.delivery.tables import Delivery
from app.devices.adapters.mqtt_gateway.envelope import MAX_TEXT
from app.devices.adapters.mqtt_gateway.topics import command_topic
from app.devices.driver import Probed, Rig
from app.devices.metrics import SENT
from app.devices.mqtt import store
from app.devices.mqtt.link import MqttLink, Refused
from app.devices.mqtt.rules import command_id, seconds_left
from app.org.store import DeviceFact
from app.signals import Receipt

log = structlog.get_logger()
PROBE_WITHIN = timedelta(seconds=20)
PROBES = {"hdap": ("check", "radio_check")}  # how a family is asked; the others are asked where they are
LOCATE = ("locate", "location_query")
TRY_AGAIN_AFTER: Mapping[str, timedelta] = {  # a radio that was busy or out of reach may not be so for long
    "failed": timedelta(seconds=30),
    "timeout": timedelta(seconds=30),
}


@dataclass(frozen=True, slots=True)
class Leaving:
    """A command that is committed and may leave now."""

    topic: str
    payload: bytes
    expires_in_s: int
    channel: str


def command(
    gateway: str,
    device: str,
    verb: str,
    key: UUID,
    data: Mapping[str, Any],
    now: datetime,
    expires_at: datetime,
) -> tuple[str, bytes]:
    """Return topic and payload of a command."""
    envelope = {
        "v": 1,
        "id": key,
        "ts": now,
        "type": f"cmd.{verb}",
        "expires_at": expires_at,
        "data": dict(data),
    }
    return command_topic(gateway, device, verb), msgspec.json.encode(envelope)


def outcome_of(receipt: Receipt) -> Outcome:
    """Return the step that an answer moves a message by; the first word of its reason is the result."""
    if receipt.stage == "accepted":
        return Outcome("accept")
    if receipt.stage == "delivered":
        return Outcome("deliver")
    result = receipt.reason.partition(" ")[0]
    return Outcome("fail", receipt.reason or "failed", TRY_AGAIN_AFTER.get(result))


class Commands:
    """Sends what waits for devices behind gateways, and asks devices whether they work."""

    def __init__(self, rig: Rig, link: MqttLink) -> None:
        self._rig = rig
        self._link = link
        self._asked: dict[str, asyncio.Queue[Receipt]] = {}

    def answered(self, receipt: Receipt) -> None:
        """Hand an answer to whoever asked."""
        if (asking := self._asked.get(receipt.ref)) is not None:
            asking.put_nowait(receipt)

    async def send_waiting(self) -> None:
        """Send the oldest waiting text of each device whose gateway is online, one in flight a device."""
        if not self._link.connected:
            return
        leaving: list[Leaving] = []
        async with self._rig.database.transaction() as tx:
            now = self._rig.clock.now()
            routes = {(r.channel, r.device_id): r for r in await store.routes(tx, self._rig.stream)}
            for channel in sorted({channel for channel, _ in routes}):
                ids = [device_id for name, device_id in routes if name == channel]
                rows = await deliveries.next_for_devices(tx, channel, ids, now)
                leaving += [
                    await self._submit(tx, row, routes[channel, row.device_id or 0], now) for row in rows
                ]
        for one in leaving:  # committed: at the worst it leaves twice, under one id
            sent = self._link.publish(one.topic, one.payload, expires_in_s=one.expires_in_s)
            sent.add_done_callback(_note_refusal)
            SENT.labels(one.channel).inc()

    async def _submit(self, tx: Tx, row: Delivery, route: store.Route, now: datetime) -> Leaving:
        key = command_id(row.wire_ref, row.attempt, row.reason)
        await delivery.submit(tx, row, str(key), 1, now)
        data = {"text": row.body[:MAX_TEXT], "want_ack": True}
        topic, payload = command(route.gateway, route.number, "text", key, data, now, row.expires_at)
        return Leaving(topic, payload, seconds_left(row.expires_at, now), route.channel)

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask a device through its gateway; None when no gateway reaches it or it has no way to ask."""
        async with self._rig.database.transaction() as tx:
            gateway = await store.gateway_of(tx, device.id)
        if gateway is None or not self._link.connected:
            return None
        verb, method = PROBES.get(device.family, LOCATE)
        key, now = uuid4(), self._rig.clock.now()
        expires_at = now + PROBE_WITHIN
        topic, payload = command(gateway, device.number, verb, key, {}, now, expires_at)
        with self._asking(str(key)) as answers:
            self._link.publish(topic, payload, expires_in_s=seconds_left(expires_at, now))
            return await _judge(answers, method)

    @contextmanager
    def _asking(self, ref: str) -> Iterator[asyncio.Queue[Receipt]]:
        answers: asyncio.Queue[Receipt] = asyncio.Queue()
        self._asked[ref] = answers
        try:
            yield answers
        finally:
            del self._asked[ref]


async def _judge(answers: asyncio.Queue[Receipt], method: str) -> Probed | None:
    """Wait for the far terminal's answer: that the gateway took the question proves nothing of the device."""
    try:
        async with asyncio.timeout(PROBE_WITHIN.total_seconds()):
            while True:
                receipt = await answers.get()
                if receipt.stage == "delivered":
                    return Probed(passed=True, method=method)
                if receipt.reason.startswith("unsupported"):
                    return None
                if receipt.stage == "failed":
                    return Probed(passed=False, method=method, detail=receipt.reason)
    except TimeoutError:
        return Probed(passed=False, method=method, detail="no answer")


def _note_refusal(sent: asyncio.Future[None]) -> None:
    """Log a broker's refusal: a setting gone wrong. The message counts as unanswered and is tried again."""
    if not sent.cancelled() and isinstance(error := sent.exception(), Refused):
        log.error("command_refused_by_broker", reason=error.reason)
