"""A paho-mqtt client as we want it: a kept session, bounded windows, acknowledgement by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY, Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from app.devices.mqtt.broker import Broker

KEEPALIVE_S = 30
LARGEST_PACKET = 72 * 1024  # the contract's 64 KiB, the topic and some room


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, retained, when our connection breaks."""

    topic: str
    payload: bytes


def new_client(
    broker: Broker, client_id: str, will: Will | None, receive_maximum: int, session_s: int
) -> Client:
    """Return a client that is ready to connect. Raises OSError or ssl.SSLError for bad certificates.

    The broker keeps its session for `session_s` and sends no more than `receive_maximum` messages that are
    not acknowledged: what we hold in memory is bounded.
    """
    v5 = broker.version == "5"
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id,
        clean_session=None if v5 else False,
        protocol=MQTTProtocolVersion.MQTTv5 if v5 else MQTTProtocolVersion.MQTTv311,
        reconnect_on_failure=False,
        manual_ack=True,
    )
    if broker.username:
        client.username_pw_set(broker.username, broker.password)
    if broker.tls:
        client.tls_set_context(broker.context())
    if will:
        client.will_set(will.topic, will.payload, qos=1, retain=True)
    client.connect_async(
        broker.host,
        broker.port,
        KEEPALIVE_S,
        clean_start=False if v5 else MQTT_CLEAN_START_FIRST_ONLY,
        properties=_session(receive_maximum, session_s) if v5 else None,
    )
    return client


def _session(receive_maximum: int, session_s: int) -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = session_s
    properties.ReceiveMaximum = receive_maximum
    properties.MaximumPacketSize = LARGEST_PACKET
    return properties


def expiring(seconds: int) -> Properties:
    """Return the properties of a message that the broker throws away after so many seconds."""
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = max(1, seconds)
    return properties


def at_least_once(
    filters: Sequence[str], *, v5: bool
) -> list[tuple[str, SubscribeOptions]] | list[tuple[str, int]]:
    """Return subscriptions with QoS 1."""
    if v5:
        return [(name, SubscribeOptions(qos=1)) for name in filters]
    return [(name, 1) for name in filters]
