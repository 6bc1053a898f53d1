"""The events of supplies, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.supplies.events import (
    SupplyCounted,
    SupplyExpiring,
    SupplyImported,
    SupplyRegisterChanged,
    SupplyRequested,
    SupplyStockChanged,
    SupplyTransferChanged,
)


class SupplyRegisterChangedEvent(Envelope, SupplyRegisterChanged):
    """SupplyRegisterChanged on the wire."""


class SupplyStockChangedEvent(Envelope, SupplyStockChanged):
    """SupplyStockChanged on the wire."""


class SupplyCountedEvent(Envelope, SupplyCounted):
    """SupplyCounted on the wire."""


class SupplyImportedEvent(Envelope, SupplyImported):
    """SupplyImported on the wire."""


class SupplyRequestedEvent(Envelope, SupplyRequested):
    """SupplyRequested on the wire."""


class SupplyTransferChangedEvent(Envelope, SupplyTransferChanged):
    """SupplyTransferChanged on the wire."""


class SupplyExpiringEvent(Envelope, SupplyExpiring):
    """SupplyExpiring on the wire."""


SupplyEvent = (
    SupplyRegisterChanged
    | SupplyStockChanged
    | SupplyCounted
    | SupplyImported
    | SupplyRequested
    | SupplyTransferChanged
    | SupplyExpiring
)
SupplyWireEvent = (
    SupplyRegisterChangedEvent
    | SupplyStockChangedEvent
    | SupplyCountedEvent
    | SupplyImportedEvent
    | SupplyRequestedEvent
    | SupplyTransferChangedEvent
    | SupplyExpiringEvent
)
