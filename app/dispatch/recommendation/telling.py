"""Put decisions into the shapes of the wire, with who is on duty at each unit's place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from app.db import Tx
from app.dispatch.recommendation.facts import (
    CardFact,
    LeftOutFact,
    MoveUpFact,
    NeedFact,
    OfferFact,
    ReasonFact,
)
from app.dispatch.recommendation.looking import Case
from app.dispatch.recommendation.rules.allocate import Allocation
from app.dispatch.recommendation.rules.explain import NO_PLACE, explain, nobody_with, short_of, shortfall
from app.dispatch.recommendation.rules.move_up import MoveUp
from app.dispatch.recommendation.rules.rank import Option, Ranking
from app.dispatch.recommendation.rules.run_card import Requirement
from app.dispatch.recommendation.rules.words import Reason, zh_capability
from app.dispatch.recommendation.store import partners
from app.duty.roster.on_call import CalledFact, contacts
from app.org.rules.access import Viewer

OFFERS_TOLD = 10
LEFT_OUT_TOLD = 40
HALF_AS_GOOD_S = 1800  # a score of 1.0 is a unit at the scene; half an hour of cost halves it


def reason(one: Reason | None) -> ReasonFact | None:
    """Return a reason in its wire shape."""
    return None if one is None else ReasonFact(code=one.code, zh=one.zh, en=one.en)


async def offers(
    tx: Tx, by: Viewer, ranking: Ranking, allocation: Allocation, wanted: Sequence[str], now: datetime
) -> list[OfferFact]:
    """Return the first ten and everybody who is picked, in order, with who leads their place now."""
    picked = {pick.option.team_id: pick.capabilities for pick in allocation.picks}
    told = [
        (number, option)
        for number, option in enumerate(ranking.options, start=1)
        if number <= OFFERS_TOLD or option.team_id in picked
    ]
    leads = await contacts(tx, by.stream, {option.candidate.region_code for _, option in told}, now)
    return [
        _offer(
            number, option, picked.get(option.team_id, ()), leads, explain_for(ranking, option, wanted, now)
        )
        for number, option in told
    ]


async def offer_of(tx: Tx, by: Viewer, case: Case, option: Option, now: datetime) -> OfferFact:
    """Return one of the options of a case, with its rank there."""
    leads = await contacts(tx, by.stream, {option.candidate.region_code}, now)
    number = case.ranking.options.index(option) + 1
    picked = next((p.capabilities for p in case.allocation.picks if p.option == option), ())
    return _offer(number, option, picked, leads, explain_for(case.ranking, option, case.wants.wanted, now))


def explain_for(ranking: Ranking, option: Option, wanted: Sequence[str], now: datetime) -> list[ReasonFact]:
    """Return the reasons of an offer in their wire shape."""
    reasons = explain(option, wanted, now, asked_roads=ranking.asked_roads)
    return [ReasonFact(code=r.code, zh=r.zh, en=r.en) for r in reasons]


def _offer(
    number: int,
    option: Option,
    picked_for: Sequence[str],
    leads: Mapping[str, CalledFact],
    reasons: list[ReasonFact],
) -> OfferFact:
    return OfferFact(
        rank=number,
        team_id=option.team_id,
        team_name=option.candidate.name,
        call_sign=option.candidate.call_sign,
        distance_m=round(option.away_m, 1),
        turnout_s=round(option.turnout_s, 1),
        eta_s=round(option.eta_s, 1),
        score=round(1 / (1 + max(0.0, option.cost_s - option.turnout_s) / HALF_AS_GOOD_S), 3),
        people=option.candidate.staffing.people,
        picked_for=list(picked_for),
        contact=leads.get(option.candidate.region_code),
        reasons=reasons,
    )


def nobody_instead(case: Case, gone: Collection[str]) -> ReasonFact | None:
    """Return why nobody can go in place of a team: what it brought and what holds the others."""
    if case.fact.lon is None or case.fact.lat is None:
        return reason(NO_PLACE)
    return reason(nobody_with(sorted(gone), case.ranking.left_out, case.able))


def left_out(ranking: Ranking, offered: Collection[int]) -> list[LeftOutFact]:
    """Return the nearest of those left out, and behind them those who are ranked too low to be shown."""
    lower = [o for o in ranking.options if o.team_id not in offered]
    told = [(one.team_id, one.team_name, one.reason) for one in ranking.left_out]
    told += [(one.team_id, one.candidate.name, _RANKED_LOWER) for one in lower]
    return [
        LeftOutFact(team_id=team_id, team_name=name, code=why.code, zh=why.zh, en=why.en)
        for team_id, name, why in told[:LEFT_OUT_TOLD]
    ]


_RANKED_LOWER = Reason(
    "ranked_lower", f"排在前 {OFFERS_TOLD} 名之后", f"ranked after the first {OFFERS_TOLD}"
)


async def needs(tx: Tx, by: Viewer, case: Case) -> list[NeedFact]:
    """Return how far each need is met; for what is missing, why, and who could be asked for it."""
    found = []
    for filled in case.allocation.filled:
        capability, lon, lat = filled.need.capability, case.fact.lon, case.fact.lat
        short = None if filled.met else short_of(filled, case.ranking.left_out, case.able)
        aid = [] if filled.met else await partners.who_has(tx, by.stream, capability, lon, lat)
        found.append(
            NeedFact(
                capability=capability,
                capability_zh=zh_capability(capability),
                teams=filled.need.teams,
                people=filled.need.people,
                have_teams=filled.teams,
                have_people=filled.people,
                short=reason(short),
                aid=aid,
            )
        )
    return found


def card(wants: Requirement) -> CardFact | None:
    """Return the run card that was taken."""
    if wants.card is None:
        return None
    one = wants.card
    return CardFact(
        id=one.id,
        name_zh=one.name_zh,
        name_en=one.name_en,
        alarms=len(one.alarms),
        reminder_zh=one.reminder_zh,
        reminder_en=one.reminder_en,
    )


def shortfall_of(case: Case) -> ReasonFact | None:
    """Return what is missing altogether."""
    if case.fact.lon is None or case.fact.lat is None:
        return reason(NO_PLACE)
    return reason(shortfall(case.wants.wanted, case.ranking.options, case.ranking.left_out))


def move_up(one: MoveUp) -> MoveUpFact:
    """Return a move-up in words."""
    mover = one.candidate
    if mover is None:
        zh = f"{one.to.name}将无队伍留守,邻近乡镇也抽不出队伍"
        en = f"{one.to.name} would be left bare and no neighbour can spare a team"
    else:
        minutes = round((one.drive_s or 0) / 60)
        zh = f"{one.to.name}将无队伍留守,建议{mover.name}前往补位,车程约 {minutes} 分钟"
        en = f"{one.to.name} would be left bare: move up {mover.name}, about {minutes} min by road"
    return MoveUpFact(
        region_code=one.to.code + "000",
        region_name=one.to.name,
        team_id=mover.team_id if mover else None,
        team_name=mover.name if mover else None,
        from_region_code=mover.region_code if mover else None,
        eta_s=None if one.drive_s is None else round(one.drive_s, 1),
        zh=zh,
        en=en,
    )
