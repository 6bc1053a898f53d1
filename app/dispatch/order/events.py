"""The events of orders."""

from __future__ import annotations

from typing import Literal

from app.dispatch.order.facts import OrderAnswerFact, OrderFact, OrderRecipientFact, OrderSupervisionFact
from app.wire import Fact


class OrderChanged(Fact):
    """An order was drafted, edited, issued, amended, withdrawn, or closed by the last acceptance."""

    type: Literal[
        "order.drafted", "order.edited", "order.issued", "order.amended", "order.withdrawn", "order.closed"
    ]
    order: OrderFact


class OrderAnswered(Fact):
    """A recipient acknowledged or reported, or the issuer accepted or returned what was reported."""

    type: Literal[
        "order.acknowledged",
        "order.progress",
        "order.done",
        "order.accepted",
        "order.returned",
    ]
    order: OrderFact
    recipient: OrderRecipientFact
    answer: OrderAnswerFact | None


class OrderSupervised(Fact):
    """A recipient's silence was acted upon (督办)."""

    type: Literal["order.supervised"]
    order: OrderFact
    recipient: OrderRecipientFact
    supervision: OrderSupervisionFact
