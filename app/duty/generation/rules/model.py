"""The roster as a constraint model of OR-Tools CP-SAT. Loads OR-Tools: import it only to generate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from ortools.sat.python import cp_model

from app.duty.generation.rules.fairness import Scale, scales, tangents, wishes
from app.duty.generation.rules.problem import Assignment, Candidate, Interval, Problem, Slot, Wish
from app.duty.generation.rules.rule import Rule, barred
from app.duty.generation.rules.timeline import Clash, clashes

Seated = Mapping[tuple[str, int], cp_model.IntVar]


class Model:
    """The hard rules of one part, all of them or those in `active`; `aim` adds what is to be made small.

    With `assumed`, every rule hangs on a literal of its own, so that a conflict can be told by name.
    """

    def __init__(
        self, problem: Problem, active: Collection[Rule] | None = None, *, assumed: bool = False
    ) -> None:
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.literals: dict[Rule, cp_model.IntVar] = {}
        self.excess: list[cp_model.IntVar] = []
        self._active = None if active is None else frozenset(active)
        self._assumed = assumed
        self.seated: dict[tuple[str, int], cp_model.IntVar] = {}
        self.held: dict[int, list[Slot]] = defaultdict(list)
        self._choose()
        self._cover()
        for candidate in problem.candidates:
            self._bind(candidate)
        if assumed:
            self.cp.add_assumptions(list(self.literals.values()))

    def _applies(self, rule: Rule) -> bool:
        return self._active is None or rule in self._active

    def _enforce(self, rule: Rule, constraint: cp_model.Constraint) -> None:
        if self._assumed:
            if rule not in self.literals:
                self.literals[rule] = self.cp.new_bool_var("")
            constraint.only_enforce_if(self.literals[rule])

    def _choose(self) -> None:
        """One variable for each person who could sit there; without one he is barred."""
        by_hand: dict[str, list[Candidate]] = defaultdict(list)
        for fixed in self.problem.fixed:
            by_hand[fixed.slot].append(self.problem.candidate[fixed.person])
        for slot in self.problem.slots:
            pool = self.problem.pool.get((slot.post, slot.seat), ())
            for candidate in dict.fromkeys((*pool, *by_hand[slot.id])):
                against = [
                    rule for rule in barred(self.problem, slot, candidate.person) if self._applies(rule)
                ]
                if against and not self._assumed:
                    continue
                variable = self.cp.new_bool_var("")
                self.seated[slot.id, candidate.person] = variable
                self.held[candidate.person].append(slot)
                for rule in against:
                    self._enforce(rule, self.cp.add_bool_or(~variable))

    def _cover(self) -> None:
        sitting: dict[str, list[cp_model.IntVar]] = defaultdict(list)
        for (slot_id, _), variable in self.seated.items():
            sitting[slot_id].append(variable)
        for slot in self.problem.slots:
            rule = Rule("coverage", slot.id)
            if self._applies(rule):
                # A sum of nothing is not an expression, but it is zero, and zero is too few.
                total = cp_model.LinearExpr.sum(sitting[slot.id]) if sitting[slot.id] else self._nothing()
                self._enforce(rule, self.cp.add(total == slot.needed))
        for fixed in self.problem.fixed:
            rule = Rule("fixed", fixed.slot, fixed.person)
            if self._applies(rule):
                here = self.seated.get((fixed.slot, fixed.person))
                self._enforce(rule, self.cp.add_bool_or([] if here is None else [here]))

    def _nothing(self) -> cp_model.IntVar:
        return self.cp.new_int_var(0, 0, "")

    def _bind(self, candidate: Candidate) -> None:
        """Ask of one person no more than he can bear."""
        at: dict[Interval, list[cp_model.IntVar]] = {}
        nights: dict[Interval, list[cp_model.IntVar]] = {}
        mine = self.held.get(candidate.person, [])
        for slot in mine:
            variable = self.seated[slot.id, candidate.person]
            at.setdefault(slot.during, []).append(variable)
            if slot.night:
                nights.setdefault(slot.during, []).append(variable)
        one_place = Rule("one_place", person=candidate.person)
        for together in at.values():
            if len(together) > 1 and self._applies(one_place):
                self._limit(one_place, together, 1)
        if self._assumed or self._active is not None:
            at = {time: self._present(together) for time, together in at.items()}
        for clash in clashes(at.keys(), nights.keys(), candidate.around, self.problem.limits):
            self._clash(candidate, clash, nights if clash.kind == "nights" else at)
        most = self.problem.limits.max_per_month
        month = Rule("month", person=candidate.person)
        if most is not None and mine and self._applies(month):
            self._limit(month, [self.seated[slot.id, candidate.person] for slot in mine], most)

    def _present(self, together: list[cp_model.IntVar]) -> list[cp_model.IntVar]:
        """Be there or not: where `one_place` may be dropped, two seats at one time are no lack of rest."""
        if len(together) == 1:
            return together
        present = self.cp.new_bool_var("")
        for variable in together:
            self.cp.add_implication(variable, present)
        return [present]

    def _clash(
        self, candidate: Candidate, clash: Clash, at: Mapping[Interval, list[cp_model.IntVar]]
    ) -> None:
        terms = [variable for time in clash.times for variable in at[time]]
        rule = Rule(clash.kind, person=candidate.person)
        if clash.kind == "nights" and not self.problem.limits.nights_hard:
            over = self.cp.new_int_var(0, len(terms), "")
            self.cp.add(cp_model.LinearExpr.sum(terms) - over <= clash.allowed)
            self.excess.append(over)
        elif self._applies(rule):
            self._limit(rule, terms, clash.allowed)

    def _limit(self, rule: Rule, terms: Sequence[cp_model.IntVar], most: int) -> None:
        if most == 1 and not self._assumed:
            self.cp.add_at_most_one(terms)
        elif most < len(terms):
            self._enforce(rule, self.cp.add(cp_model.LinearExpr.sum(terms) <= most))

    # ---- what is to be made small ----------------------------------------------------------------

    def aim(self) -> None:
        """Minimise uneven loads, unmet wishes and, where they may be passed, nights over the limit."""
        weights = self.problem.weights
        terms: list[cp_model.LinearExprT] = [weights.night_over_limit * over for over in self.excess]
        for scale in scales(self.problem):
            terms.extend(self._uneven(scale))
        for candidate, wish in wishes(self.problem):
            terms.append(weights.wish * wish.weight * self._unmet(candidate, wish))
        if terms:
            self.cp.minimize(cp_model.LinearExpr.sum(terms))

    def _uneven(self, scale: Scale) -> Iterator[cp_model.LinearExpr]:
        load = {person: self._load(scale, person) for person in scale.brought}
        for person, (amount, most) in load.items():
            low, high = scale.brought[person] - scale.middle, scale.brought[person] + most - scale.middle
            square = self.cp.new_int_var(0, max(low * low, high * high), "")
            for slope, offset in tangents(low, high):
                self.cp.add(square >= slope * (amount - scale.middle) + offset)
            yield scale.square * square
        for group in scale.groups:
            reach = [scale.brought[p] for p in group.persons] + [
                scale.brought[p] + load[p][1] for p in group.persons
            ]
            lowest = self.cp.new_int_var(min(reach), max(reach), "")
            highest = self.cp.new_int_var(min(reach), max(reach), "")
            for person in group.persons:
                self.cp.add(load[person][0] <= highest)
                self.cp.add(load[person][0] >= lowest)
            self.cp.add(highest - lowest >= scale.least_spread)
            yield scale.spread * (highest - lowest)

    def _load(self, scale: Scale, person: int) -> tuple[cp_model.LinearExpr, int]:
        """Return a person's load with what he brings, and the most he could be given."""
        mine = [self.seated[slot.id, person] for slot in self.held[person] if slot.counts(scale.load)]
        return cp_model.LinearExpr.sum([scale.brought[person], *mine]), len(mine)

    def _unmet(self, candidate: Candidate, wish: Wish) -> cp_model.LinearExprT:
        touched = [
            self.seated[slot.id, candidate.person]
            for slot in self.held.get(candidate.person, [])
            if wish.concerns(slot)
        ]
        if not touched:
            return int(wish.kind == "want")
        if len(touched) == 1:
            return 1 - touched[0] if wish.kind == "want" else touched[0]
        unmet = self.cp.new_bool_var("")
        if wish.kind == "want":
            self.cp.add(cp_model.LinearExpr.sum(touched) + unmet >= 1)
        else:
            for variable in touched:
                self.cp.add_implication(variable, unmet)
        return unmet

    def insist(self, candidate: Candidate, wish: Wish) -> None:
        """Make the wish a rule."""
        touched = [
            self.seated[slot.id, candidate.person]
            for slot in self.held.get(candidate.person, [])
            if wish.concerns(slot)
        ]
        if wish.kind == "want":
            self.cp.add_bool_or(touched)
        else:
            for variable in touched:
                self.cp.add(variable == 0)

    def pin(self, assignments: Collection[Assignment]) -> None:
        """Leave nothing to choose: what does this roster cost?"""
        known = {(one.slot, one.person) for one in assignments}
        for key, variable in self.seated.items():
            self.cp.add(variable == (key in known))

    def hint(self, assignments: Collection[Assignment]) -> None:
        """Start from a roster known before."""
        known = {(one.slot, one.person) for one in assignments}
        for key, variable in self.seated.items():
            self.cp.add_hint(variable, key in known)
