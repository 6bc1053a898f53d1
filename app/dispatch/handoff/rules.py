"""Whom an incident beyond the county should be handed off to. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from app.dispatch.facts import PlaceFact
from app.dispatch.handoff.facts import HandoffFact, HandoffProposal
from app.dispatch.recommendation.facts import PartnerFact


def proposed(
    place: PlaceFact | None, partners: Iterable[PartnerFact], sent: Iterable[HandoffFact]
) -> HandoffProposal | None:
    """Return the neighbour to hand off to; None within the county, and once an incident was handed off.

    The registered neighbour whose name holds the county's name (邻水县 → 邻水县应急指挥中心); without one
    the county itself, whose telephone somebody has to find.
    """
    if place is None or not place.outside or not place.neighbour:
        return None
    if any(one.kind == "hand_off" for one in sent):
        return None
    for one in partners:
        if one.active and one.kind == "neighbour" and place.neighbour in one.name_zh:
            return HandoffProposal(kind="hand_off", partner_id=one.id, name=one.name_zh, phone=one.phone)
    return HandoffProposal(kind="hand_off", partner_id=None, name=place.neighbour, phone="")
