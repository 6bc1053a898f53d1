"""The events of swaps."""

from __future__ import annotations

from typing import Literal

from app.duty.roster.facts import ShiftFact
from app.duty.swaps.facts import SwapFact
from app.wire import Fact


class SwapChanged(Fact):
    """A swap went a step; `unapproved` means that no leader decided in time and the roster stands."""

    type: Literal[
        "swap.asked",
        "swap.taken",
        "swap.refused",
        "swap.withdrawn",
        "swap.filed",
        "swap.lapsed",
        "swap.unapproved",
    ]
    swap: SwapFact


class SwapCarriedOut(Fact):
    """A leader approved a swap, or took it back: the shifts have changed hands."""

    type: Literal["swap.approved", "swap.revoked"]
    swap: SwapFact
    added: list[ShiftFact]
    dropped: list[ShiftFact]
