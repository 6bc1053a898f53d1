"""One connection to a broker, served by the running loop: paho-mqtt without a thread of its own.

Messages are heard by a callback and acknowledged by hand, so that what was heard can be committed first.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import structlog
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from app.background import alongside
from app.devices.mqtt.broker import Broker
from app.devices.mqtt.client import Will, at_least_once, expiring, new_client

log = structlog.get_logger()
BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
SESSION_S = 24 * 3600
READ_AT_ONCE = 200  # messages before the loop gets its turn
FAREWELL_S = 1.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it came. `mid` and `line` say what is acknowledged, and on which connection."""

    topic: str
    payload: bytes
    qos: int
    retained: bool
    mid: int
    line: int


NOBODY_LISTENS = 0x10  # MQTT 5 §3.4.2.1: no matching subscribers


class Refused(Exception):
    """The broker did not take a message: `reason` is its own name for that."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MqttLink:
    """Keeps a session with a broker. `hear` gets every message in the loop's thread and must not block."""

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        hear: Callable[[Heard], None],
        subscriptions: Sequence[str],
        *,
        will: Will | None = None,
        receive_maximum: int = 100,
        session_s: int = SESSION_S,
        came_up: Callable[[], None] = lambda: None,
    ) -> None:
        self.broker = broker
        self.connected = False
        self.line = 0  # counts connections: a message id means nothing on the next one
        self._hear = hear
        self._came_up = came_up
        self._subscriptions = subscriptions
        self._v5 = broker.version == "5"
        self._lost = asyncio.Event()
        self._progress = 0
        self._denied = ""
        self._descriptor = -1
        self._sent: dict[int, asyncio.Future[None]] = {}
        self._to_somebody: set[int] = set()
        self._client = new_client(broker, client_id, will, receive_maximum, session_s)
        self._attend()

    def _attend(self) -> None:
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_publish = self._on_publish
        self._client.on_subscribe = self._on_subscribe
        self._client.on_socket_close = self._on_close
        self._client.on_socket_register_write = self._on_writing

    @asynccontextmanager
    async def running(self) -> AsyncIterator[MqttLink]:
        """Keep the connection while the block lasts, with a growing pause between attempts."""
        async with alongside(self._run(), self._keep_alive()):
            try:
                yield self
            finally:
                await self._leave()

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        expires_in_s: int | None = None,
        to_somebody: bool = False,
    ) -> asyncio.Future[None]:
        """Send with QoS 1. The future is done when the broker has it; it fails with Refused.

        Without a connection the message waits for the next one. `to_somebody`: a broker that has nobody to
        pass it on to throws it away (MQTT 5 §3.4.2.1, 0x10), which counts as refused.
        """
        properties = expiring(expires_in_s) if self._v5 and expires_in_s is not None else None
        done = asyncio.get_running_loop().create_future()
        info = self._client.publish(topic, payload, qos=1, retain=retain, properties=properties)
        self._sent[info.mid] = done
        if to_somebody:
            self._to_somebody.add(info.mid)
        return done

    def ack(self, heard: Heard) -> None:
        """Acknowledge a message; one of an earlier connection comes again and is acknowledged then."""
        if heard.qos and heard.line == self.line and self.connected:
            self._client.ack(heard.mid, heard.qos)

    def health(self) -> dict[str, object]:
        """Return whether the broker is there and lets us hear what we asked for."""
        return {
            "ok": self.connected and not self._denied,
            "broker": self.broker.place,
            "connected": self.connected,
            "trouble": self._denied or ("" if self.connected else "no_broker"),
        }

    async def _run(self) -> None:
        attempt = 0
        while True:
            began = self.line
            await self._once(first=attempt == 0)
            attempt = 0 if self.line != began else attempt + 1
            pause = BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)]
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  gateways must not return in step

    async def _once(self, *, first: bool) -> None:
        """Connect and serve until the line breaks."""
        self._lost.clear()
        try:
            await asyncio.to_thread(self._client.reconnect)  # names, TCP and TLS may take seconds
        except (OSError, ValueError) as error:
            if first:
                log.warning("mqtt_unreachable", broker=self.broker.place, error=str(error))
            return
        plug = self._client.socket()
        if plug is None:
            return
        self._descriptor = plug.fileno()
        asyncio.get_running_loop().add_reader(self._descriptor, self._readable)
        self._writable()
        try:
            await self._lost.wait()
        finally:
            self._detach()
            self.connected = False

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(1)
            if self._descriptor >= 0:
                self._client.loop_misc()

    async def _leave(self) -> None:
        if not self.connected:
            return
        self.connected = False
        self._client.disconnect()
        self._writable()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await self._lost.wait()

    def _readable(self) -> None:
        """Read what came, up to a limit: paho reads one packet a call and does not say when there is none."""
        for _ in range(READ_AT_ONCE):
            before = self._progress
            if self._client.loop_read() is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._lost.set()
                return
            if before == self._progress and not self._decrypted():
                return

    def _decrypted(self) -> bool:
        plug: Any = self._client.socket()
        return self.broker.tls and plug is not None and plug.pending() > 0

    def _writable(self) -> None:
        if self._descriptor < 0:
            return
        self._client.loop_write()
        if self._descriptor < 0:  # it broke meanwhile
            return
        loop = asyncio.get_running_loop()
        if self._client.want_write():
            loop.add_writer(self._descriptor, self._writable)
        else:
            loop.remove_writer(self._descriptor)

    def _detach(self) -> None:
        if self._descriptor >= 0:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._descriptor)
            loop.remove_writer(self._descriptor)
            self._descriptor = -1

    def _on_writing(self, *_: Any) -> None:
        # Acknowledgements of one batch leave together; a connection attempt (in its thread) flushes later.
        if self._descriptor >= 0:
            asyncio.get_running_loop().call_soon(self._writable)

    def _on_close(self, *_: Any) -> None:
        if self._descriptor >= 0:
            self._detach()
            self._lost.set()

    def _on_connect(
        self, _: Client, __: Any, flags: ConnectFlags, reason: ReasonCode, ___: Properties | None
    ) -> None:
        self._progress += 1
        if reason.is_failure:
            log.error("mqtt_refused", broker=self.broker.place, reason=str(reason))
            return
        self.line += 1
        self.connected = True
        self._denied = ""
        log.info("mqtt_connected", broker=self.broker.place, session_kept=flags.session_present)
        if self._subscriptions:
            self._client.subscribe(at_least_once(self._subscriptions, v5=self._v5))
        self._came_up()

    def _on_disconnect(self, _: Client, __: Any, ___: Any, reason: ReasonCode, ____: Any) -> None:
        if self.connected:
            log.warning("mqtt_lost", broker=self.broker.place, reason=str(reason))
        self.connected = False
        self._lost.set()

    def _on_message(self, _: Client, __: Any, message: MQTTMessage) -> None:
        self._progress += 1
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        self._hear(Heard(topic, bytes(message.payload), message.qos, message.retain, message.mid, self.line))

    def _on_publish(self, _: Client, __: Any, mid: int, reason: ReasonCode, ___: Any) -> None:
        self._progress += 1
        done = self._sent.pop(mid, None)
        thrown_away = mid in self._to_somebody and reason.value == NOBODY_LISTENS
        self._to_somebody.discard(mid)
        if done is None or done.done():
            return
        if reason.is_failure or thrown_away:
            done.set_exception(Refused(str(reason)))
            done.exception()  # whoever sent it may not have waited
        else:
            done.set_result(None)

    def _on_subscribe(self, _: Client, __: Any, ___: int, reasons: list[ReasonCode], ____: Any) -> None:
        self._progress += 1
        if bad := [str(reason) for reason in reasons if reason.is_failure]:
            self._denied = bad[0]
            log.error("mqtt_subscription_denied", broker=self.broker.place, reason=bad[0])
