"""The events of cross-border notices."""

from __future__ import annotations

from typing import Literal

from app.dispatch.handoff.facts import HandoffFact, HandoffReceiptFact
from app.wire import Fact


class HandoffChanged(Fact):
    """A notice went to a neighbour, or was received there.

    `receipt` stands first: then its times are the event's.
    """

    type: Literal["handoff.sent", "handoff.received"]
    receipt: HandoffReceiptFact | None
    handoff: HandoffFact
