"""Recommend units for incidents: load, decide; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import assignment_for_command, require
from app.dispatch.facts import IncidentFact
from app.dispatch.recommendation import telling
from app.dispatch.recommendation.commands import AskIn
from app.dispatch.recommendation.facts import AdviceFact, JointAdviceFact, MoveUpFact, ReplacementFact
from app.dispatch.recommendation.looking import Case, Setting, look, moves
from app.dispatch.recommendation.rules import replace
from app.dispatch.recommendation.rules.replace import lost
from app.dispatch.recommendation.rules.run_card import Need, Occasion, Requirement, requirement
from app.dispatch.recommendation.settings import ForceRules
from app.dispatch.recommendation.store.candidates import Asked
from app.dispatch.store import incidents, teams
from app.org.rules.access import Viewer, may_see
from app.refusals import NotFound


async def recommend(
    tx: Tx, by: Viewer, incident_ids: Sequence[int], ask: AskIn, now: datetime, setting: Setting
) -> JointAdviceFact:
    """Return which units should go to these incidents, solved together, with reasons.

    Raises NotFound, NotPermitted.
    """
    require(by, "command")
    local = now.astimezone(setting.zone)
    wanted = []
    for incident_id in incident_ids:
        fact = await _seen(tx, by, incident_id)
        wanted.append((fact, _wants(fact, ask, setting.forces, local)))
    drill = all(fact.drill_id is not None for fact, _ in wanted)
    asked = Asked(by, now, local.date(), tuple(incident_ids), setting.forces.equipment, drill=drill)
    cases = await look(tx, asked, wanted, ask, setting)
    moving = [telling.move_up(one) for one in await moves(tx, asked, cases, setting)]
    advice = [await _told(tx, by, case, moving if len(cases) == 1 else [], now) for case in cases]
    return JointAdviceFact(at=now, advice=advice, move_ups=moving)


async def replacement(
    tx: Tx, by: Viewer, assignment_id: int, now: datetime, setting: Setting
) -> ReplacementFact:
    """Return who should go in place of a team if it left its incident now. Raises NotFound, NotPermitted."""
    assignment = await assignment_for_command(tx, by, assignment_id, lock=False)
    fact = await _seen(tx, by, assignment.incident_id)
    team = await teams.fact(tx, assignment.team_id)
    local = now.astimezone(setting.zone)
    wants = _wants(fact, AskIn(), setting.forces, local)
    leaving, drill = frozenset({team.id}), fact.drill_id is not None
    asked = Asked(by, now, local.date(), (fact.id,), setting.forces.equipment, leaving, drill)
    (case,) = await look(tx, asked, [(fact, wants)], AskIn(), setting)
    gone = lost(team.capabilities, wants.wanted)
    best = replace.replacement(case.ranking, case.allocation, gone)
    return ReplacementFact(
        assignment_id=assignment_id,
        incident_id=fact.id,
        incident_number=fact.number,
        team_name=team.name_zh,
        needed=replace.is_needed(case.allocation),
        offer=None if best is None else await telling.offer_of(tx, by, case, best, now),
        shortfall=None if best else telling.nobody_instead(case, gone),
    )


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


async def _told(tx: Tx, by: Viewer, case: Case, moving: list[MoveUpFact], now: datetime) -> AdviceFact:
    offers = await telling.offers(tx, by, case.ranking, case.allocation, case.wants.wanted, now)
    return AdviceFact(
        incident_id=case.fact.id,
        incident_number=case.fact.number,
        at=now,
        wanted=list(case.wants.wanted),
        alarm=case.wants.alarm,
        card=telling.card(case.wants),
        by_hand=case.wants.by_hand,
        needs=await telling.needs(tx, by, case),
        offers=offers,
        left_out=telling.left_out(case.ranking, {one.team_id for one in offers}),
        left_out_counts=dict(Counter(one.reason.code for one in case.ranking.left_out)),
        shortfall=telling.shortfall_of(case),
        move_ups=moving,
    )
