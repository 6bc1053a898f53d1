"""Who goes in place of a team that is diverted. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.dispatch.recommendation.rules.allocate import Allocation
from app.dispatch.recommendation.rules.rank import Option, Ranking


def lost(leaving: Sequence[str], wanted: Sequence[str]) -> frozenset[str]:
    """Return what goes with a team: the wanted it brought; whatever is wanted if it brought nothing of it."""
    return frozenset(leaving) & frozenset(wanted) or frozenset(wanted)


def is_needed(allocation: Allocation) -> bool:
    """Return whether the incident, without the team, is short of something, whoever could fill it."""
    return bool(allocation.picks) or not all(filled.met for filled in allocation.filled)


def replacement(ranking: Ranking, allocation: Allocation, gone: frozenset[str]) -> Option | None:
    """Return the best who brings something of what went: of those who should go, else of those who may."""
    picked = sorted((pick.option for pick in allocation.picks), key=lambda o: (o.cost_s, o.team_id))
    for option in (*picked, *ranking.options):
        if not option.candidate.capabilities.isdisjoint(gone):
            return option
    return None
