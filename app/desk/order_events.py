"""The events of orders and instructions, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.instruction.events import InstructionChanged
from app.dispatch.order.events import OrderAnswered, OrderChanged, OrderSupervised


class OrderChangedEvent(Envelope, OrderChanged):
    """OrderChanged on the wire."""


class OrderAnsweredEvent(Envelope, OrderAnswered):
    """OrderAnswered on the wire."""


class OrderSupervisedEvent(Envelope, OrderSupervised):
    """OrderSupervised on the wire."""


class InstructionChangedEvent(Envelope, InstructionChanged):
    """InstructionChanged on the wire."""


OrderEvent = OrderChanged | OrderAnswered | OrderSupervised | InstructionChanged
OrderWireEvent = OrderChangedEvent | OrderAnsweredEvent | OrderSupervisedEvent | InstructionChangedEvent
