"""Why a wish is not met: found by insisting on it and solving again. Loads OR-Tools."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from app.duty.generation.rules.attempt import Effort, Switch, attempt
from app.duty.generation.rules.conflict import core_of
from app.duty.generation.rules.crew import each
from app.duty.generation.rules.fairness import cost, loads, met, scales, slots_of, spread, wishes
from app.duty.generation.rules.model import Model
from app.duty.generation.rules.outcome import Reason, Roster, Unmet
from app.duty.generation.rules.parts import Part, split
from app.duty.generation.rules.problem import Assignment, Candidate, Load, Problem, Wish
from app.duty.generation.rules.rule import Rule
from app.duty.generation.rules.sentences import SEATS, name, reason, wish_words

WORK = 4.0  # for one wish
MOST_TOLD = 12
LOAD_WORDS: dict[Load, tuple[str, str]] = {
    "total": ("值班总数", "duties"),
    "nights": ("夜班", "nights"),
    "holidays": ("节假日班", "holidays"),
}


def explain(
    problem: Problem,
    roster: Roster,
    *,
    seconds: float = 60.0,
    cancelled: Callable[[], bool] | None = None,
    on_wish: Callable[[int, int], None] | None = None,
) -> tuple[Unmet, ...]:
    """Return, for every unmet wish, the rule against it or the price of meeting it, in both languages."""
    stopped = cancelled or (lambda: False)
    until = time.monotonic() + seconds
    held = slots_of(problem, roster.assignments)
    pending = [(c, w) for c, w in wishes(problem) if not met(w, held.get(c.person, ()))]
    parts = {c.person: _Before(part, roster) for part in split(problem) for c in part.problem.candidates}
    found: dict[int, Unmet] = {}
    switch = Switch()

    def ask(number: int) -> None:
        candidate, wish = pending[number]
        if on_wish:
            on_wish(len(found), len(pending))
        by = 0.0 if stopped() else until  # nothing is begun after somebody said stop
        found[number] = _plain(problem, candidate, wish) or _again(
            parts[candidate.person], candidate.person, wish, by, switch
        )

    each(range(len(pending)), ask, switch, stopped)
    return tuple(found[number] for number in range(len(pending)))


@dataclass(frozen=True, slots=True)
class _Before:
    """A part and what the roster made of it."""

    part: Part
    roster: Roster

    @property
    def assignments(self) -> list[Assignment]:
        return [one for one in self.roster.assignments if one.slot in self.part.problem.slot]


def _plain(problem: Problem, candidate: Candidate, wish: Wish) -> Unmet | None:
    """Answer without a solver where the person wants a seat that he does not fill."""
    fills = [
        slot for slot in problem.slots if wish.concerns(slot) and (slot.post, slot.seat) in candidate.fills
    ]
    if wish.kind == "avoid" or fills:
        return None
    zh, en = "当天没有其可担任的班次", "there is no shift then that this person fills"
    if wish.slot is not None:
        told = reason(problem, Rule("seat", wish.slot, candidate.person))
        return _unmet(problem, candidate.person, wish, "rule", told.zh, told.en, reasons=(told,))
    return _unmet(problem, candidate.person, wish, "rule", zh, en)


def _again(before: _Before, person: int, wish: Wish, until: float, switch: Switch) -> Unmet:
    """Insist on the wish and solve again."""
    problem = before.part.problem
    model = Model(problem)
    model.aim()
    model.hint(before.assignments)
    model.insist(problem.candidate[person], wish)
    after = attempt(model, Effort(WORK, until - time.monotonic()), switch)
    if after.status == "infeasible":
        return _forbidden(problem, person, wish, until, switch)
    if after.status == "unknown":
        zh, en = "限定时间内未能判定", "not decided within the time"
        return _unmet(problem, person, wish, "unknown", zh, en)
    price = round(after.objective) - cost(problem, before.assignments)
    if price < 0:
        zh, en = (
            "可以满足且整体更优:搜索因时限提前结束,可延长时限重新生成",
            "met, the whole would be better: the search was cut short; generate again with more time",
        )
        return _unmet(problem, person, wish, "free", zh, en, price=price)
    zh, en = _price(problem, before.assignments, after.assignments)
    if after.status != "optimal":
        zh, en = f"限定时间内找到的最好方案中,{zh}", f"in the best roster found in the time, {en}"
    # At no price another roster is as good: what this person gains somebody else loses.
    cost_zh, cost_en = f"总代价增加{price}", f"the total cost rises by {price}"
    if price == 0:
        cost_zh, cost_en = "总代价不变", "the total cost stays the same"
    zh, en = f"若满足,{zh}({cost_zh})", f"if met, {en} ({cost_en})"
    return _unmet(problem, person, wish, "cost", zh, en, price=price)


def _forbidden(problem: Problem, person: int, wish: Wish, until: float, switch: Switch) -> Unmet:
    left = max(1.0, until - time.monotonic())
    core, certain = core_of(problem, left, switch, (problem.candidate[person], wish))
    if not certain and len(core) > MOST_TOLD:
        zh, en = (
            "硬性规则不允许,限定时间内未能逐条查明",
            "hard rules forbid it; which ones was not found in the time",
        )
        return _unmet(problem, person, wish, "rule", zh, en)
    reasons = tuple(reason(problem, rule) for rule in core)
    zh = "不能同时满足:" + ";".join(one.zh for one in reasons)
    en = "it cannot be kept together with: " + "; ".join(one.en for one in reasons)
    return _unmet(problem, person, wish, "rule", zh, en, reasons=reasons)


def _price(problem: Problem, old: Sequence[Assignment], new: Sequence[Assignment]) -> tuple[str, str]:
    """Say what gets worse: spreads, wishes of others, or else single loads."""
    worse = [*_wider(problem, old, new), *_lost(problem, old, new)]
    if not worse:
        worse = [("各人负担离均值更远", "single loads lie further from the mean")]
    return ",".join(zh for zh, _ in worse), ", ".join(en for _, en in worse)


def _wider(
    problem: Problem, old: Sequence[Assignment], new: Sequence[Assignment]
) -> Iterator[tuple[str, str]]:
    for scale in scales(problem):
        given = [loads(problem, one, scale.load) for one in (old, new)]
        zh, en = LOAD_WORDS[scale.load]
        for group in scale.groups:
            first, then = (spread(scale, group, one) for one in given)
            if then > first:
                seats = [SEATS.get(seat, (seat, seat)) for _, seat in group.seats]
                who_zh, who_en = "、".join(seat[0] for seat in seats), ", ".join(seat[1] for seat in seats)
                yield (
                    f"{who_zh}的{zh}最多与最少之差由{first}增至{then}",
                    f"the spread of {en} among {who_en} grows from {first} to {then}",
                )


def _lost(
    problem: Problem, old: Sequence[Assignment], new: Sequence[Assignment]
) -> Iterator[tuple[str, str]]:
    held, would_hold = slots_of(problem, old), slots_of(problem, new)
    for candidate, wish in wishes(problem):
        person = candidate.person
        if met(wish, held.get(person, ())) and not met(wish, would_hold.get(person, ())):
            zh, en = wish_words(problem, wish)
            yield f"{candidate.name}的意愿“{zh}”落空", f"the wish of {candidate.name} {en} is lost"


def _unmet(
    problem: Problem,
    person: int,
    wish: Wish,
    because: Literal["rule", "cost", "free", "unknown"],
    zh: str,
    en: str,
    *,
    reasons: tuple[Reason, ...] = (),
    price: int = 0,
) -> Unmet:
    wish_zh, wish_en = wish_words(problem, wish)
    who = name(problem, person)
    return Unmet(
        person, wish, because, f"{who}{wish_zh}:{zh}", f"{who} wishes {wish_en}: {en}", reasons, price
    )
