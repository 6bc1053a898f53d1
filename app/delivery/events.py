"""The events of delivery, as they stand in the journal and on the wire (past tense)."""

from __future__ import annotations

from typing import Literal

from app.delivery.facts import DeliveryFact
from app.wire import Fact


class DeliveryChanged(Fact):
    """An outgoing message moved on."""

    type: Literal[
        "delivery.submitted",
        "delivery.accepted",
        "delivery.delivered",
        "delivery.failed",
        "delivery.unknown",
        "delivery.expired",
        "delivery.queued",
    ]
    delivery: DeliveryFact
