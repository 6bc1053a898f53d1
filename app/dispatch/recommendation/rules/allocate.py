"""Which units go, for one incident or for several at once: the cheapest allocation there is. Pure.

Several incidents are solved together (linear sum assignment, scipy): the nearest team of one may be worth
more to another. Grave incidents weigh more: with too few teams the village on the roof is served first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.dispatch.recommendation.rules.rank import LACK_COSTS_S, Option
from app.dispatch.recommendation.rules.run_card import Need, Requirement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNFILLED_COSTS_S = 48 * 3600.0  # leaving a place empty costs more than any unit that may come
NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Held:
    """A team that is out for the incident already: what it brings."""

    capabilities: frozenset[str]
    people: int


@dataclass(frozen=True, slots=True)
class Demand:
    """One incident: what it needs, who is there already, who could come in order of cost, and its weight."""

    requirement: Requirement
    options: Sequence[Option]
    held: tuple[Held, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Pick:
    """A unit that should go, and for which of the needs."""

    option: Option
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """How far a need is met, counting who is there already."""

    need: Need
    teams: int
    people: int

    @property
    def short_teams(self) -> int:
        """Teams that are missing."""
        return max(0, self.need.teams - self.teams)

    @property
    def short_people(self) -> int:
        """People that are missing."""
        return max(0, self.need.people - self.people)

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return not self.short_teams and not self.short_people


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one incident gets."""

    picks: tuple[Pick, ...]
    filled: tuple[Filled, ...]


@dataclass
class _Open:
    """A demand while it is being filled."""

    demand: Demand
    picks: list[Pick]

    def outstanding(self) -> dict[str, int]:
        """Return how many more teams each capability needs; one more while its people do not suffice."""
        missing = {}
        for filled in _filled(self.demand, self.picks):
            teams = filled.short_teams or (1 if filled.short_people else 0)
            if teams:
                missing[filled.need.capability] = teams
        return missing


def allocate(demands: Sequence[Demand]) -> list[Allocation]:
    """Return what each incident gets, together as cheap as possible; a team goes to one incident only.

    A team that brings several wanted capabilities fills one place of each. Rounds go on until everything is
    met or nobody is left who helps.
    """
    work = [_Open(demand, []) for demand in demands]
    used: set[int] = set()
    while places := [place for number, one in enumerate(work) for place in _places(number, one)]:
        chosen = _round(work, places, used)
        if not chosen:
            break
        for number, pick in chosen:
            work[number].picks.append(pick)
            used.add(pick.option.team_id)
    return [Allocation(tuple(one.picks), tuple(_filled(one.demand, one.picks))) for one in work]


def _places(number: int, one: _Open) -> list[tuple[int, frozenset[str]]]:
    missing = one.outstanding()
    if one.demand.requirement.any_of:  # whoever has one of them is what is wanted
        none_yet = not one.picks and not one.demand.held
        return [(number, frozenset(missing))] if missing and none_yet else []
    layers = max(missing.values(), default=0)
    return [(number, frozenset(c for c, n in missing.items() if n > layer)) for layer in range(layers)]


def _round(
    work: Sequence[_Open], places: Sequence[tuple[int, frozenset[str]]], used: set[int]
) -> list[tuple[int, Pick]]:
    import numpy as np

    # The cheapest len(places) units of each place suffice: the others can take no more than the rest of them.
    rows: list[dict[int, tuple[float, Option]]] = []
    for number, wanted in places:
        demand = work[number].demand
        row: dict[int, tuple[float, Option]] = {}
        for option in demand.options:
            if option.team_id in used or option.candidate.capabilities.isdisjoint(wanted):
                continue
            row[option.team_id] = (_cost(option, wanted, any_of=demand.requirement.any_of), option)
        cheapest = sorted(row.items(), key=lambda item: (item[1][0], item[0]))[: len(places)]
        rows.append(dict(cheapest))
    teams = sorted({team for row in rows for team in row})
    costs = np.full((len(places), len(teams)), NEVER)
    column = {team: index for index, team in enumerate(teams)}
    for index, row in enumerate(rows):
        weight = work[places[index][0]].demand.weight
        for team, (cost, _) in row.items():
            costs[index, column[team]] = cost * weight
    weights = np.array([work[number].demand.weight for number, _ in places])
    chosen = []
    for index, found in enumerate(solve(costs, weights * UNFILLED_COSTS_S)):
        if found is not None:
            number, wanted = places[index]
            option = rows[index][teams[found]][1]
            has = tuple(
                c for c in work[number].demand.requirement.wanted if c in option.candidate.capabilities
            )
            chosen.append((number, Pick(option, has)))
    return chosen


def _cost(option: Option, wanted: frozenset[str], *, any_of: bool) -> float:
    """Return the cost for a place that wants these: what it lacks of others weighs nothing here."""
    plain = option.cost_s - len(option.lacks) * LACK_COSTS_S
    return plain if any_of else plain + len(wanted - option.candidate.capabilities) * LACK_COSTS_S


def solve(costs: NDArray[np.float64], unfilled: NDArray[np.float64]) -> list[int | None]:
    """Return the column of each row so that the sum is least; None where leaving it empty is cheaper."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment  # costs a second: whoever only starts need not wait

    count, columns = costs.shape
    spare = np.full((count, count), NEVER)
    np.fill_diagonal(spare, unfilled)
    rows, found = linear_sum_assignment(np.hstack((costs, spare)))
    best: list[int | None] = [None] * count
    for row, col in zip(rows.tolist(), found.tolist(), strict=True):
        if col < columns and costs[row, col] < NEVER:
            best[row] = col
    return best


def _filled(demand: Demand, picks: Sequence[Pick]) -> list[Filled]:
    bring = [(one.capabilities, one.people) for one in demand.held]
    bring += [(p.option.candidate.capabilities, p.option.candidate.staffing.people) for p in picks]
    if demand.requirement.any_of:
        return [_any(need, bring, demand.requirement.wanted) for need in demand.requirement.needs]
    found = []
    for need in demand.requirement.needs:
        able = [people for capabilities, people in bring if need.capability in capabilities]
        found.append(Filled(need, len(able), sum(able)))
    return found


def _any(need: Need, bring: Sequence[tuple[frozenset[str], int]], wanted: Sequence[str]) -> Filled:
    able = [people for capabilities, people in bring if not capabilities.isdisjoint(wanted)]
    return Filled(need, len(able), sum(able))
