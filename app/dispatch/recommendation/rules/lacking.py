"""Units that hold a wanted capability and cannot bring it for want of ready equipment. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.dispatch.recommendation.rules.candidate import Candidate
from app.dispatch.recommendation.rules.rank import LeftOut, Ranking
from app.dispatch.recommendation.rules.words import Reason
from app.tracking.distance import distance_m


def with_lacking(
    ranking: Ranking,
    lon: float | None,
    lat: float | None,
    wanted: Sequence[str],
    candidates: Sequence[Candidate],
) -> Ranking:
    """Return the ranking with those left out that bring nothing wanted because their equipment is not ready.

    Who brings something else that is wanted is offered for that, and its reasons say what it lacks.
    """
    if lon is None or lat is None:
        return ranking
    told = []
    for one in candidates:
        if not one.capabilities.isdisjoint(wanted) or one.here is not None:
            continue
        if why := lack_of(one, wanted):
            away = None if one.lon is None or one.lat is None else distance_m(lon, lat, one.lon, one.lat)
            told.append(LeftOut(one.team_id, one.name, why, away))
    if not told:
        return ranking
    everybody = sorted(
        (*ranking.left_out, *told), key=lambda one: (one.away_m is None, one.away_m or 0.0, one.team_id)
    )
    return Ranking(ranking.options, tuple(everybody))


def lack_of(one: Candidate, wanted: Sequence[str]) -> Reason | None:
    """Return why a unit cannot bring the wanted capabilities that it holds, or None."""
    reasons = [one.lacking[capability] for capability in wanted if capability in one.lacking]
    if not reasons:
        return None
    return Reason(
        reasons[0].code,
        ";".join(why.zh for why in reasons),
        "; ".join(why.en for why in reasons),
    )
