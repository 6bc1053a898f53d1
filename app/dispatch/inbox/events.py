"""The events of the intake queue."""

from __future__ import annotations

from typing import Literal

from app.dispatch.inbox.facts import IntakeNoticeFact, LinkedPartnerFact
from app.wire import Fact


class IntakeNoticeChanged(Fact):
    """A notice came in, or a person judged it."""

    type: Literal["intake.received", "intake.opened", "intake.joined", "intake.dismissed"]
    notice: IntakeNoticeFact


class LinkedPartnerChanged(Fact):
    """A partner may send notices, or may no longer."""

    type: Literal["intake.partner_made", "intake.partner_revoked"]
    partner: LinkedPartnerFact
