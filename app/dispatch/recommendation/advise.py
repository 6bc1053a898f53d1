"""Recommend units for incidents: load, decide; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.actions.permission import require
from app.dispatch.facts import IncidentFact
from app.dispatch.recommendation import telling
from app.dispatch.recommendation.commands import AskIn
from app.dispatch.recommendation.facts import AdviceFact, JointAdviceFact, MoveUpFact
from app.dispatch.recommendation.rules.allocate import Allocation, Demand, allocate
from app.dispatch.recommendation.rules.candidate import Candidate, Policy
from app.dispatch.recommendation.rules.move_up import move_ups
from app.dispatch.recommendation.rules.rank import Ranking, Scene, rank
from app.dispatch.recommendation.rules.run_card import Need, Occasion, Requirement, requirement
from app.dispatch.recommendation.settings import ForceRules
from app.dispatch.recommendation.store import candidates as store
from app.dispatch.store import incidents
from app.org.rules.access import Viewer, may_see
from app.refusals import NotFound

LIFE_WEIGHS = 4.0  # minutes at a life-threatening incident weigh four times as much
LEVEL_WEIGHS = {1: 3.0, 2: 2.0, 3: 1.5, 4: 1.0}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the house knows: its rules of forces, the age limit of positions, the county's zone."""

    forces: ForceRules
    position_limit: timedelta
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Case:
    """One incident while it is thought about."""

    fact: IncidentFact
    wants: Requirement
    ranking: Ranking
    able: Sequence[Candidate]


async def recommend(
    tx: Tx, by: Viewer, incident_ids: Sequence[int], ask: AskIn, now: datetime, setting: Setting
) -> JointAdviceFact:
    """Return which units should go to these incidents, solved together, with reasons.

    Raises NotFound, NotPermitted.
    """
    require(by, "command")
    facts = [await _seen(tx, by, one) for one in incident_ids]
    local = now.astimezone(setting.zone)
    wants = [_wants(fact, ask, setting.forces, local) for fact in facts]
    asked = store.Asked(
        by, now, local.date(), tuple(incident_ids), tuple(sorted({c for one in wants for c in one.wanted}))
    )
    pool = [one for one in await store.candidates(tx, asked) if one.team_id not in ask.without]
    cases = [
        _case(fact, want, pool, ask, now, local, setting) for fact, want in zip(facts, wants, strict=True)
    ]
    demands = [
        Demand(case.wants, case.ranking.options, await store.held(tx, case.fact.id), _weight(case.fact))
        for case in cases
    ]
    found = allocate(demands)
    moves = await _moves(tx, asked, found, setting, local)
    advice = [
        await _told(tx, by, case, allocation, moves if len(cases) == 1 else [], now)
        for case, allocation in zip(cases, found, strict=True)
    ]
    return JointAdviceFact(at=now, advice=advice, move_ups=moves)


async def _seen(tx: Tx, by: Viewer, incident_id: int) -> IncidentFact:
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return seen.fact


def _wants(fact: IncidentFact, ask: AskIn, forces: ForceRules, local: datetime) -> Requirement:
    if ask.needs:
        needs = tuple(Need(one.capability, one.teams, one.people) for one in ask.needs)
        return Requirement(needs, by_hand=True)
    occasion = Occasion(fact.event_code, fact.initial_level, fact.life_threat, local)
    return requirement(forces.cards, occasion, ask.alarm)


def _case(
    fact: IncidentFact,
    wants: Requirement,
    pool: Sequence[Candidate],
    ask: AskIn,
    now: datetime,
    local: datetime,
    setting: Setting,
) -> Case:
    able = [one for one in pool if not one.capabilities.isdisjoint(wants.wanted)]
    if fact.lon is None or fact.lat is None:
        return Case(fact, wants, Ranking((), ()), able)
    radius = None if ask.radius_km is None else ask.radius_km * 1000
    policy = Policy(setting.position_limit, setting.forces.rest, ask.include_stale, radius)
    scene = Scene(fact.lon, fact.lat, fact.region_code, local, wants.wanted, wants.any_of)
    return Case(fact, wants, rank(scene, able, now, policy, setting.forces.roads), able)


def _weight(fact: IncidentFact) -> float:
    return LEVEL_WEIGHS[fact.initial_level] * (LIFE_WEIGHS if fact.life_threat else 1.0)


async def _moves(
    tx: Tx, asked: store.Asked, found: Sequence[Allocation], setting: Setting, local: datetime
) -> list[MoveUpFact]:
    leaving = {pick.option.team_id for one in found for pick in one.picks}
    if not leaving:
        return []
    cover, roads = setting.forces.cover, setting.forces.roads
    everybody = store.Asked(asked.viewer, asked.now, asked.day, (), tuple(sorted(cover.capabilities)))
    free = [
        one
        for one in await store.candidates(tx, everybody)
        if one.committed_to is None and one.staffing.on_standby
    ]
    places = await store.places(tx, asked.viewer.scope)
    moves = move_ups(places, free, leaving, cover, roads, night=roads.is_night(local))
    return [telling.move_up(one) for one in moves]


async def _told(
    tx: Tx, by: Viewer, case: Case, allocation: Allocation, moves: list[MoveUpFact], now: datetime
) -> AdviceFact:
    offers = await telling.offers(tx, by, case.ranking, allocation, case.wants.wanted, now)
    needs = await telling.needs(tx, by, case.fact, allocation, case.ranking, case.able)
    return AdviceFact(
        incident_id=case.fact.id,
        incident_number=case.fact.number,
        at=now,
        wanted=list(case.wants.wanted),
        alarm=case.wants.alarm,
        card=telling.card(case.wants),
        by_hand=case.wants.by_hand,
        needs=needs,
        offers=offers,
        left_out=telling.left_out(case.ranking, {one.team_id for one in offers}),
        left_out_counts=dict(Counter(one.reason.code for one in case.ranking.left_out)),
        shortfall=telling.shortfall_of(case.fact, case.wants, case.ranking),
        move_ups=moves,
    )
