"""Why nothing fits: the named rules that cannot all be kept, none of them idle. Loads OR-Tools."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from app.duty.generation.rules.attempt import Effort, Status, Switch, attempt
from app.duty.generation.rules.model import Model
from app.duty.generation.rules.outcome import Conflict
from app.duty.generation.rules.parts import Part
from app.duty.generation.rules.problem import Candidate, Problem, Slot, Wish
from app.duty.generation.rules.rule import PERSONAL, Kind, Rule, barred, rules_of
from app.duty.generation.rules.sentences import reason
from app.duty.generation.rules.timeline import clashes

WORK = 4.0  # for one question; the clock ends it sooner
GLANCE = 0.3  # work for one stretch of days, when looking for a short conflict first
STRETCHES = (timedelta(days=2), timedelta(days=7), timedelta(days=10))
# In the order in which one tells it: what is asked for, what was given by hand, what stands against it.
_ORDER: tuple[Kind, ...] = ("coverage", "fixed", "seat", "qualification", "leave", *PERSONAL)


def conflict(part: Part, seconds: float, switch: Switch) -> Conflict:
    """Return a conflict of a part that has no roster, as small as the time allows."""
    core, minimal = core_of(part.problem, seconds, switch)
    posts = tuple(dict.fromkeys(part.problem.slot[rule.slot].post for rule in core if rule.slot is not None))
    return Conflict(posts or part.posts, tuple(reason(part.problem, rule) for rule in core), minimal)


def core_of(
    problem: Problem, seconds: float, switch: Switch, insisted: tuple[Candidate, Wish] | None = None
) -> tuple[tuple[Rule, ...], bool]:
    """Return rules in conflict (with the wish insisted on), and whether each of them is needed for it."""
    questions = _Questions(problem, time.monotonic() + seconds, switch, insisted)
    core = questions.narrow(_evident(problem) if insisted is None else ())
    return tuple(sorted(core, key=lambda rule: _ORDER.index(rule.kind))), questions.certain


class _Questions:
    """Can these rules be kept together? Asked again and again, of fewer and fewer rules."""

    def __init__(
        self, problem: Problem, until: float, switch: Switch, insisted: tuple[Candidate, Wish] | None
    ) -> None:
        self.problem = problem
        self.certain = True
        self._until = until
        self._switch = switch
        self._insisted = insisted

    def narrow(self, evident: Sequence[Rule]) -> Sequence[Rule]:
        """Leave out what can be left out, first in large bites."""
        core = list(evident or self._nearby() or self._assumed())
        bite = max(1, len(core) // 2)
        while True:
            at = 0
            while at < len(core):
                rest = core[:at] + core[at + bite :]
                if self._contradict(rest):
                    core = rest
                else:
                    at += bite
            if bite == 1:
                return core
            bite //= 2

    def _nearby(self) -> Sequence[Rule]:
        """Look for days that cannot be filled even if all others stay empty: most conflicts lie in a week."""
        starts = sorted({slot.start for slot in self.problem.slots})
        every = rules_of(self.problem)
        for stretch in STRETCHES:
            for first in starts:
                within = {slot.id for slot in self.problem.slots if first <= slot.start < first + stretch}
                rules = [rule for rule in every if rule.slot is None or rule.slot in within]
                if self._switch.stopped or self._until <= time.monotonic():
                    return ()
                if self._ask(rules, GLANCE) == "infeasible":
                    return rules
        return ()

    def _assumed(self) -> Sequence[Rule]:
        """Let the solver name the assumptions that fail: seldom the fewest, always much fewer than all."""
        model = Model(self.problem, assumed=True)
        if self._insisted:
            model.insist(*self._insisted)
        answer = attempt(model, Effort(WORK, self._until - time.monotonic()), self._switch)
        named = {literal.index: rule for rule, literal in model.literals.items()}
        return [named[index] for index in answer.against] or rules_of(self.problem)

    def _contradict(self, rules: Collection[Rule]) -> bool:
        if self._until <= time.monotonic():
            self.certain = False
            return False
        status = self._ask(rules, WORK)
        self.certain = self.certain and status != "unknown"
        return status == "infeasible"

    def _ask(self, rules: Collection[Rule], work: float) -> Status:
        model = Model(self._within(rules), rules)
        if self._insisted:
            model.insist(*self._insisted)
        return attempt(model, Effort(work, self._until - time.monotonic()), self._switch).status

    def _within(self, rules: Collection[Rule]) -> Problem:
        """Only slots which a rule or the wish asks to fill: the others may stay empty and bind nobody."""
        asked = {rule.slot for rule in rules if rule.kind in ("coverage", "fixed")}
        wish = self._insisted[1] if self._insisted else None
        slots = tuple(
            slot
            for slot in self.problem.slots
            if slot.id in asked or (wish is not None and wish.concerns(slot))
        )
        kept = {slot.id for slot in slots}
        fixed = tuple(one for one in self.problem.fixed if one.slot in kept)
        return replace(self.problem, slots=slots, fixed=fixed)


def _evident(problem: Problem) -> Sequence[Rule]:
    """Look first for a conflict that shows at one slot alone: it is the one that people understand."""
    for fixed in problem.fixed:
        against = list(barred(problem, problem.slot[fixed.slot], fixed.person))
        if against:
            return [Rule("fixed", fixed.slot, fixed.person), *against]
    for slot in problem.slots:
        against = []
        free = 0
        for candidate in problem.pool.get((slot.post, slot.seat), ()):
            here = [*barred(problem, slot, candidate.person), *_tired(problem, slot, candidate)]
            free += not here
            against.extend(here)
        if free < slot.needed and not any(one.slot == slot.id for one in problem.fixed):
            return list(dict.fromkeys([Rule("coverage", slot.id), *against]))
    return []


def _tired(problem: Problem, slot: Slot, candidate: Candidate) -> list[Rule]:
    """Return what keeps somebody off a slot because of shifts before or after the month."""
    nights = (slot.during,) if slot.night else ()
    return [
        Rule(clash.kind, person=candidate.person)
        for clash in clashes((slot.during,), nights, candidate.around, problem.limits)
        if clash.allowed == 0 and (clash.kind != "nights" or problem.limits.nights_hard)
    ]
