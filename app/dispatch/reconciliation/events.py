"""The events of reconciliation."""

from __future__ import annotations

from typing import Literal

from app.dispatch.reconciliation.facts import PairTold
from app.wire import Fact


class PairChanged(Fact):
    """Two accounts may be one, or a person has said what they are."""

    type: Literal["pair.suspected", "pair.settled"]
    pair: PairTold
