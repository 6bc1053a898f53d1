"""The events of the intake queue."""

from __future__ import annotations

from typing import Literal

from app.dispatch.inbox.facts import NoticeFact, PartnerFact
from app.wire import Fact


class NoticeChanged(Fact):
    """A notice came in, or a person judged it."""

    type: Literal["intake.received", "intake.opened", "intake.joined", "intake.dismissed"]
    notice: NoticeFact


class PartnerChanged(Fact):
    """A partner may send notices, or may no longer."""

    type: Literal["intake.partner_made", "intake.partner_revoked"]
    partner: PartnerFact
