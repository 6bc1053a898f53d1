"""The events of the hand-over."""

from __future__ import annotations

from typing import Literal

from app.desk.handover.facts import HandoverHead, HandoverItemFact, MatterFact, MemberFact, SignatureFact
from app.duty.ownership.facts import OwnerFact
from app.wire import Fact


class HandoverOpened(Fact):
    """A sheet was put together and lies open."""

    type: Literal["handover.opened"]
    handover: HandoverHead


class HandoverCompleted(Fact):
    """Three signatures stand: from this second on the desk belongs to the incoming team."""

    type: Literal["handover.completed"]
    handover: HandoverHead
    owner: OwnerFact


class HandoverItemChanged(Fact):
    """A receiver opened or ticked an item."""

    type: Literal["handover.item_opened", "handover.item_ticked"]
    handover_id: int
    post_id: int
    item: HandoverItemFact


class HandoverCompiled(Fact):
    """While both teams work something came up, changed or was settled: the sheet follows."""

    type: Literal["handover.compiled"]
    handover_id: int
    post_id: int
    items: list[HandoverItemFact]


class HandoverSigned(Fact):
    """One of the three signatures was given."""

    type: Literal["handover.signed"]
    handover_id: int
    post_id: int
    signature: SignatureFact


class HandoverMemberMoved(Fact):
    """Somebody came or went; `handover.late` is one who came after his shift had begun (HANDOVER_LATE)."""

    type: Literal["handover.arrived", "handover.late", "handover.left"]
    handover_id: int
    post_id: int
    member: MemberFact


class MatterDue(Fact):
    """A matter fell due: it rings at the desk of its owner and nowhere else."""

    type: Literal["handover.matter_due"]
    matter: MatterFact
    owner: OwnerFact | None


class MatterChanged(Fact):
    """A matter was written down or closed."""

    type: Literal["handover.matter_added", "handover.matter_closed"]
    matter: MatterFact
