"""The centre's network on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.delivery.facts import DeliveryChannel
from app.wire import Fact

NetworkState = Literal["online", "suspected", "offline"]
FoundBy = Literal["", "probe", "silence", "hand"]


class CentreNetworkFact(Fact):
    """Whether the centre has the public network, since when, and who found out."""

    state: NetworkState
    since: datetime
    found_by: FoundBy = ""
    by_name: str = ""
    channels: list[str] = []


class WaitingFact(Fact):
    """How many messages wait for a channel, and since when the oldest does."""

    channel: DeliveryChannel
    count: int
    oldest_at: datetime


class LateMessageFact(Fact):
    """A message that grew too old while the network was away, and what was decided."""

    delivery_id: int
    channel: DeliveryChannel
    address: str
    addressee: str
    body: str
    queued_at: datetime
    expires_at: datetime
    incident_id: int | None
    decision: Literal["again", "drop"] | None = None
    reason: str = ""
    by_name: str = ""
    decided_at: datetime | None = None
    again_id: int | None = None


class NetworkView(Fact):
    """The network with what waits for it and what waits for a decision."""

    network: CentreNetworkFact
    waiting: list[WaitingFact]
    late: list[LateMessageFact]
