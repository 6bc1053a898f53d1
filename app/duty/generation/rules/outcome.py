"""What comes of generating a roster, and how far it is: plain frozen facts that cross processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.duty.generation.rules.problem import Assignment, Wish
from app.duty.generation.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule in plain words."""

    rule: Rule
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot all be kept. `minimal`: leave any one of them out and the rest can be kept."""

    posts: tuple[str, ...]
    reasons: tuple[Reason, ...]
    minimal: bool

    @property
    def rules(self) -> frozenset[Rule]:
        """The rules without their words."""
        return frozenset(reason.rule for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No roster keeps all rules: one conflict for each part that cannot be filled."""

    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody asked to stop before there was an answer."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """Why a wish is not met. `because` is true, not plausible: a rule stands against it, or it was re-solved.

    *rule*: the named rules do not allow it. *cost*: it could be met, and what is told gets worse. *free*:
    met, the whole would be better, which only a search that was cut short leaves over. *unknown*: not decided
    in the time.
    """

    person: int
    wish: Wish
    because: Literal["rule", "cost", "free", "unknown"]
    zh: str
    en: str
    reasons: tuple[Reason, ...] = ()
    price: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """An assignment of every slot, sorted; what is previewed is this list, and what is published too.

    `objective` is what unevenness and unmet wishes cost; no roster can cost less than `bound`. `repeatable`
    says that no clock cut the search: the same problem and seed give the same roster. `unfilled` names slots
    for which the time did not suffice to find anybody.
    """

    assignments: tuple[Assignment, ...]
    objective: float
    bound: float
    seconds: float
    repeatable: bool
    unfilled: tuple[str, ...] = ()
    unmet: tuple[Unmet, ...] = ()

    @property
    def gap(self) -> float:
        """How much better a roster might be, as a share of the objective: 0 is proved best."""
        if self.unfilled:
            return 1.0
        return max(0.0, self.objective - self.bound) / max(1.0, abs(self.objective))


Outcome = Roster | Infeasible | Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: posts solved, then wishes explained; rosters bettered so far, and what they cost."""

    phase: Literal["solving", "explaining"]
    done: int
    of: int
    improved: int
    objective: float
    elapsed_s: float
