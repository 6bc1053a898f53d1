"""The three signatures of a hand-over (交班、接班、带班领导): who may give which, and when it is complete."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from app.desk.handover.rules.team import Member, lead_of, leaders_of

Part = Literal["outgoing", "incoming", "leader"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that stands."""

    part: Part
    person_id: int


def signers(part: Part, members: Sequence[Member]) -> tuple[int, ...]:
    """Return who may sign a part: the lead of the side who is here, or a leader in charge of either team."""
    if part == "leader":
        return leaders_of(members)
    lead = lead_of(members, part)
    return () if lead is None else (lead.person_id,)


def complete(signed: Collection[Signed]) -> bool:
    """Whether all three stand."""
    return {signature.part for signature in signed} == set(PARTS)
