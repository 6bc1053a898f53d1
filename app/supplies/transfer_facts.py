"""Wire shapes of requests, proposals and transfer orders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.supplies.rules.steps import TransferKind, TransferState
from app.wire import Fact

Part = Literal["issue", "carry", "receive"]


class SupplyWhyFact(Fact):
    """A reason in both languages with a stable code."""

    code: str
    zh: str
    en: str


class SupplyPickFact(Fact):
    """Take this much of a lot from a warehouse, and why there; distance and time by road, estimated."""

    warehouse_id: int
    lot_id: int
    item_id: int
    quantity: int
    road_m: float
    eta_s: float
    reasons: list[SupplyWhyFact]


class SupplyShortfallFact(Fact):
    """What no warehouse can give, and what to do about it."""

    item_id: int
    wanted: int
    missing: int
    zh: str
    en: str


class SupplyProposalFact(Fact):
    """Which warehouse gives what; nothing is reserved yet."""

    picks: list[SupplyPickFact]
    shortfalls: list[SupplyShortfallFact]


class SupplyNeedFact(Fact):
    """A line of a request: asked for, and what no warehouse could give."""

    item_id: int
    name_zh: str
    name_en: str
    unit: str
    quantity: int
    missing: int


class SupplyRequestFact(Fact):
    """Somebody asks for goods: happened, told to the desk, entered; who vouches for it."""

    id: int
    kind: TransferKind
    region_code: str
    region_path: str
    place: str
    to_warehouse_id: int | None
    incident_id: int | None
    incident_number: str
    reason: str
    key_period: str
    asked_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    channel: str
    voucher: str
    needs: list[SupplyNeedFact]


class SupplyTransferLineFact(Fact):
    """A lot on a transfer order; None until that step is done."""

    lot_id: int
    item_id: int
    code: str
    name_zh: str
    name_en: str
    unit: str
    lot: str
    expires_on: date | None
    reserved: int
    issued: int | None
    received: int | None
    returned: int
    used: int
    issue_reason: str
    difference_reason: str


class SupplySignatureFact(Fact):
    """A signature of the hand-over: issued by the keeper, carried, received."""

    part: Part
    name: str
    phone: str
    vehicle: str
    signed_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    channel: str
    voucher: str


class SupplyTransferFact(Fact):
    """A transfer order (调拨单). `to_name`: warehouse or place; `replans_id`: whose lack it makes good."""

    id: int
    number: str
    state: TransferState
    kind: TransferKind
    request_id: int
    warehouse_id: int
    warehouse_name: str
    warehouse_region: str
    keeper: str
    keeper_phone: str
    to_warehouse_id: int | None
    to_name: str
    region_code: str
    incident_id: int | None
    incident_number: str
    reason: str
    key_period: str
    replans_id: int | None
    made_by: str
    made_at: datetime
    cancel_reason: str
    lines: list[SupplyTransferLineFact]
    signatures: list[SupplySignatureFact]


class SupplyRequestedFact(Fact):
    """What became of a request: transfer orders, goods reserved for each, and what is missing."""

    request: SupplyRequestFact
    transfers: list[SupplyTransferFact]
    shortfalls: list[SupplyShortfallFact]


class SupplyIssuedFact(Fact):
    """An issue: where fewer went out than promised, what makes it good and what is still missing."""

    transfer: SupplyTransferFact
    replanned: list[SupplyTransferFact]
    shortfalls: list[SupplyShortfallFact]
