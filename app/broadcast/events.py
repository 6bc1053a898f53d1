"""What happened to broadcasts; the text itself is read from the sheet."""

from __future__ import annotations

from typing import Literal

from app.broadcast.facts import BroadcastBriefFact, BroadcastVerificationFact
from app.broadcast.speaker_facts import SpeakerRepairFact
from app.wire import Fact


class BroadcastChanged(Fact):
    """A broadcast went on: `words` are remarks, a reason, a consent or what a platform said."""

    type: Literal[
        "broadcast.drafted",
        "broadcast.edited",
        "broadcast.submitted",
        "broadcast.returned",
        "broadcast.approved",
        "broadcast.consented",
        "broadcast.countersigned",
        "broadcast.signature_due",
        "broadcast.issued",
        "broadcast.started",
        "broadcast.finished",
        "broadcast.stopped",
        "broadcast.expired",
        "broadcast.dropped",
        "broadcast.undelivered",
    ]
    broadcast: BroadcastBriefFact
    words: str


class BroadcastReached(Fact):
    """Terminals told what they played; `villages` are the names of those newly reached, at most 20."""

    type: Literal["broadcast.reached"]
    broadcast: BroadcastBriefFact
    villages: list[str]
    count: int


class BroadcastVerified(Fact):
    """Villages were drawn, or one was asked whether it was heard."""

    type: Literal["broadcast.drawn", "broadcast.verified"]
    broadcast: BroadcastBriefFact
    villages: list[BroadcastVerificationFact]


class BroadcastRepairChanged(Fact):
    """Terminals are to be repaired, have an owner, or work again."""

    type: Literal["broadcast.repair_opened", "broadcast.repair_taken", "broadcast.repair_done"]
    repairs: list[SpeakerRepairFact]
