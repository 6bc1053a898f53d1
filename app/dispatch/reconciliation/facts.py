"""Pairs on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.reconciliation.rules import AccountKind
from app.wire import Fact

PairDecision = Literal["both", "same", "merged"]


class AccountFact(Fact):
    """One of the two: what was told, its three times, its channel, and the incident it belongs to."""

    kind: AccountKind
    id: int
    title: str
    words: str
    region_path: str
    channel: str
    voucher: str
    happened_at: datetime | None
    told_at: datetime
    entered_at: datetime
    entered_by: str
    incident_id: int | None
    state: str


class SuspectedPairFact(Fact):
    """Two accounts that may be one, why they are suspected, and what was decided."""

    id: int
    region_code: str
    left: AccountFact
    right: AccountFact
    why_zh: str
    why_en: str
    found_at: datetime
    decision: PairDecision | None
    reason: str
    decided_by: str
    decided_at: datetime | None


class PairTold(Fact):
    """A pair as the journal tells of it: which two, why, what was decided; their words stay with them."""

    id: int
    left_kind: AccountKind
    left_id: int
    right_kind: AccountKind
    right_id: int
    why_zh: str
    why_en: str
    decision: PairDecision | None = None
    reason: str = ""
