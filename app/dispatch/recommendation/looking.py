"""Look for the units of a recommendation: the nearest first, more of them until the answer cannot change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.facts import IncidentFact
from app.dispatch.recommendation.commands import AskIn
from app.dispatch.recommendation.nearby import Nearby
from app.dispatch.recommendation.roads.asker import RoadService
from app.dispatch.recommendation.rules.allocate import Allocation, Demand, Held, allocate
from app.dispatch.recommendation.rules.candidate import Candidate, Policy
from app.dispatch.recommendation.rules.lacking import with_lacking
from app.dispatch.recommendation.rules.move_up import MoveUp, bare_after, covered, move_ups
from app.dispatch.recommendation.rules.rank import Ranking, Scene, rank
from app.dispatch.recommendation.rules.run_card import Requirement
from app.dispatch.recommendation.settings import ForceRules
from app.dispatch.recommendation.store import candidates as store

LOOKED_AT = 24  # so many first; four times as many until nobody further away can be better
TOLD = 10
LACKING_TOLD = 12  # units that hold a wanted capability without ready equipment, told with the reason
BY_ROAD = 16  # so many of the best by the built-in model are asked about at the county's road service
GIVERS = 100
AT_A_PLACE = 60
LIFE_WEIGHS = 4.0  # minutes at a life-threatening incident weigh four times as much
LEVEL_WEIGHS = {1: 3.0, 2: 2.0, 3: 1.5, 4: 1.0}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the house knows: its rules of forces, where units are, the age limit, the county's zone.

    `roads` is the county's own road service, if it has one.
    """

    forces: ForceRules
    nearby: Nearby
    position_limit: timedelta
    zone: ZoneInfo
    roads: RoadService | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One incident with what it wants, who could go and who should."""

    fact: IncidentFact
    wants: Requirement
    ranking: Ranking
    able: Sequence[Candidate]
    allocation: Allocation


async def look(
    tx: Tx,
    asked: store.Asked,
    incidents: Sequence[tuple[IncidentFact, Requirement]],
    ask: AskIn,
    setting: Setting,
) -> list[Case]:
    """Return every incident with the best allocation there is."""
    await setting.nearby.refresh(tx)
    roads, count = setting.forces.roads, LOOKED_AT
    night = roads.is_night(asked.now.astimezone(setting.zone))
    while True:
        beyond: dict[int, float] = {}
        ids: set[int] = set()
        for fact, wants in incidents:
            if fact.lon is not None and fact.lat is not None:
                near = setting.nearby.nearest(
                    fact.lon, fact.lat, wants.wanted, asked.viewer.scope, count, roads, night=night
                )
                beyond[fact.id] = near.beyond_s
                ids.update(near.team_ids)
                ids.update(
                    setting.nearby.lacking(fact.lon, fact.lat, wants.wanted, asked.viewer.scope, LACKING_TOLD)
                )
        pool = await store.of_teams(tx, asked, sorted(ids - set(ask.without)))
        cases = _cases(incidents, pool, asked, ask, setting)
        if all(_settled(case, beyond.get(case.fact.id)) for case in cases):
            break
        count *= 4
    if setting.roads is None:
        return cases
    routed = await _by_road(cases, setting.roads)
    return _cases(incidents, pool, asked, ask, setting, routed)


async def _by_road(cases: Sequence[Case], roads: RoadService) -> dict[int, dict[int, float]]:
    """Return the driving times of the best units of every incident, as far as the service tells in time."""
    answers = await asyncio.gather(*(_routed(case, roads) for case in cases))
    return {case.fact.id: times for case, times in zip(cases, answers, strict=True)}


async def _routed(case: Case, roads: RoadService) -> dict[int, float]:
    fact = case.fact
    if fact.lon is None or fact.lat is None:
        return {}
    best = [*case.ranking.options[:BY_ROAD], *(pick.option for pick in case.allocation.picks)]
    from_where = {
        one.team_id: (one.candidate.lon, one.candidate.lat)
        for one in best
        if one.candidate.lon is not None and one.candidate.lat is not None
    }
    return await roads.times(from_where, (fact.lon, fact.lat))


def _settled(case: Case, beyond_s: float | None) -> bool:
    """Return whether nobody further away could be among the first ten or fill what is short."""
    if beyond_s is None or beyond_s == float("inf"):
        return True
    if len(case.ranking.options) < TOLD or not all(filled.met for filled in case.allocation.filled):
        return False
    worst = max([case.ranking.options[TOLD - 1].cost_s, *(p.option.cost_s for p in case.allocation.picks)])
    return worst <= beyond_s


def _cases(
    incidents: Sequence[tuple[IncidentFact, Requirement]],
    pool: Sequence[Candidate],
    asked: store.Asked,
    ask: AskIn,
    setting: Setting,
    routed: Mapping[int, Mapping[int, float]] | None = None,
) -> list[Case]:
    local = asked.now.astimezone(setting.zone)
    ranked = []
    for fact, wants in incidents:
        by_road, wanted = None if routed is None else routed[fact.id], wants.wanted
        able = [
            one if one.here in (None, fact.id) else replace(one, here=None)
            for one in pool
            if not one.capabilities.isdisjoint(wanted) or not one.lacking.keys().isdisjoint(wanted)
        ]
        ranking = _rank(fact, wants, able, ask, asked.now, local, setting, by_road)
        ranked.append((fact, wants, able, with_lacking(ranking, fact.lon, fact.lat, wanted, able)))
    demands = [
        Demand(wants, ranking.options, _held(fact, pool), _weight(fact)) for fact, wants, _, ranking in ranked
    ]
    found = allocate(demands)
    return [
        Case(fact, wants, ranking, able, allocation)
        for (fact, wants, able, ranking), allocation in zip(ranked, found, strict=True)
    ]


def _rank(
    fact: IncidentFact,
    wants: Requirement,
    able: Sequence[Candidate],
    ask: AskIn,
    now: datetime,
    local: datetime,
    setting: Setting,
    by_road: Mapping[int, float] | None,
) -> Ranking:
    if fact.lon is None or fact.lat is None:
        return Ranking((), ())
    radius = None if ask.radius_km is None else ask.radius_km * 1000
    policy = Policy(setting.position_limit, setting.forces.rest, ask.include_stale, radius)
    scene = Scene(fact.lon, fact.lat, fact.region_code, local, wants.wanted, wants.any_of)
    return rank(scene, able, now, policy, setting.forces.roads, by_road)


def _held(fact: IncidentFact, pool: Sequence[Candidate]) -> tuple[Held, ...]:
    return tuple(
        Held(one.capabilities, one.staffing.people or one.strength) for one in pool if one.here == fact.id
    )


def _weight(fact: IncidentFact) -> float:
    return LEVEL_WEIGHS[fact.initial_level] * (LIFE_WEIGHS if fact.life_threat else 1.0)


async def moves(tx: Tx, asked: store.Asked, cases: Sequence[Case], setting: Setting) -> list[MoveUp]:
    """Return who should stand in where the picks leave a township bare."""
    cover, roads = setting.forces.cover, setting.forces.roads
    going = [pick.option.candidate for case in cases for pick in case.allocation.picks]
    homes = {one.region_code[:9] for one in going if cover.counts(one)}
    if not homes:
        return []
    leaving = {one.team_id for one in going}
    # Most places keep cover among the units that were looked at already: nobody else need be asked about.
    known = {one.team_id: one for case in cases for one in case.able if _stays(one)}
    homes -= covered(known.values(), leaving, cover)
    if not homes:
        return []
    bare = bare_after(await _free(tx, asked, homes, setting), leaving, cover)
    places = await store.places(tx, asked.viewer.scope) if bare else {}
    bared = [places[code] for code in bare if code in places]
    if not bared:
        return []
    near = set()
    night = roads.is_night(asked.now.astimezone(setting.zone))
    for to in bared:
        scope = asked.viewer.scope
        found = setting.nearby.nearest(to.lon, to.lat, cover.capabilities, scope, GIVERS, roads, night=night)
        near.update(found.team_ids)
    givers = {one.region_code[:9] for one in await store.of_teams(tx, asked, sorted(near))}
    free = await _free(tx, asked, givers, setting)
    return move_ups(bared, free, leaving, cover, roads, night=night)


def _stays(one: Candidate) -> bool:
    return one.here is None and one.committed_to is None and one.staffing.on_standby


async def _free(tx: Tx, asked: store.Asked, places: set[str], setting: Setting) -> list[Candidate]:
    cover = setting.forces.cover
    ids = [
        team
        for place in sorted(places)
        for team in setting.nearby.at_place(place, cover.capabilities, AT_A_PLACE)
    ]
    return [
        one
        for one in await store.of_teams(tx, asked, ids)
        if _stays(one) and one.region_code[:9] in places  # one already out for these incidents covers nothing
    ]
