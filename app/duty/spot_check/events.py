"""The events of spot checks."""

from __future__ import annotations

from typing import Literal

from app.duty.spot_check.facts import (
    AppealFact,
    CircularFact,
    ReceiptFact,
    RectificationFact,
    SpotCheckFact,
    SpotFindingFact,
)
from app.wire import Fact


class SpotCheckChanged(Fact):
    """A round of checks was drawn, begins, waits for its first call, was finished or called off.

    Told at the centre only.
    """

    type: Literal[
        "spot_check.opened",
        "spot_check.begun",
        "spot_check.waits",
        "spot_check.finished",
        "spot_check.cancelled",
    ]
    spot_check: SpotCheckFact


class SpotFindingChanged(Fact):
    """A post was called, did not answer, was judged, or is checked by another means."""

    type: Literal[
        "spot_check.called", "spot_check.unanswered", "spot_check.judged", "spot_check.method_changed"
    ]
    finding: SpotFindingFact


class RectificationChanged(Fact):
    """A failure has to be put right, its time runs out, it was reported, confirmed, sent back, cancelled."""

    type: Literal[
        "spot_check.rectification_opened",
        "spot_check.rectification_reported",
        "spot_check.rectification_confirmed",
        "spot_check.rectification_returned",
        "spot_check.rectification_cancelled",
        "spot_check.rectification_due",
        "spot_check.rectification_overdue",
    ]
    rectification: RectificationFact


class CircularChanged(Fact):
    """A circular was drafted, edited, signed or issued."""

    type: Literal[
        "spot_check.circular_drafted",
        "spot_check.circular_edited",
        "spot_check.circular_signed",
        "spot_check.circular_issued",
    ]
    circular: CircularFact


class CircularReceived(Fact):
    """A unit acknowledged a circular."""

    type: Literal["spot_check.circular_received"]
    receipt: ReceiptFact


class AppealChanged(Fact):
    """A post appealed against a failure, and what became of it."""

    type: Literal["spot_check.appeal_asked", "spot_check.appeal_upheld", "spot_check.appeal_refused"]
    appeal: AppealFact
