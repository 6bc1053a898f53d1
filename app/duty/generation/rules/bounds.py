"""What a problem must be before anybody tries to solve it: refused in both languages, first fault first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from app.duty.generation.rules.problem import Candidate, Interval, Problem, Slot, Wish

MOST_SLOTS = 20_000
MOST_CANDIDATES = 5_000
MOST_CHOICES = 400_000  # pairs of a slot and a person who could fill it
MOST_NEEDED = 50
LONGEST = timedelta(days=62)
SHORTEST_SHIFT = timedelta(hours=4)  # below, chains of shifts that touch grow without end


class BadProblem(ValueError):
    """The problem cannot be meant like this; `zh` and `en` say what to correct."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


def check(problem: Problem) -> None:
    """Raise `BadProblem` for the first fault found; a rule that cannot be kept is no fault."""
    for fault in _faults(problem):
        raise fault


def _faults(problem: Problem) -> Iterator[BadProblem]:
    yield from _sizes(problem)
    yield from _twice("值班点", "post", (post.id for post in problem.posts))
    yield from _twice("班次", "slot", (slot.id for slot in problem.slots))
    yield from _twice("人员", "person", (candidate.person for candidate in problem.candidates))
    yield from _limits(problem)
    for slot in problem.slots:
        yield from _slot(problem, slot)
    for candidate in problem.candidates:
        yield from _candidate(problem, candidate)
    yield from _fixed(problem)
    yield from _span(problem)


def _sizes(problem: Problem) -> Iterator[BadProblem]:
    for zh, en, count, most in (
        ("班次", "slots", len(problem.slots), MOST_SLOTS),
        ("人员", "candidates", len(problem.candidates), MOST_CANDIDATES),
        ("席位人次", "places to fill", problem.places, MOST_CHOICES),
    ):
        if count > most:
            yield BadProblem(f"{zh}共{count}个,超过上限{most}个", f"{count} {en}, more than {most}")
    if problem.slots and not problem.candidates:
        yield BadProblem("没有可排班的人员", "there is nobody to put on duty")
    choices = sum(len(problem.pool.get((slot.post, slot.seat), ())) for slot in problem.slots)
    if choices > MOST_CHOICES:
        yield BadProblem(
            f"班次与可选人员共{choices}种组合,超过上限{MOST_CHOICES}种",
            f"{choices} pairs of slot and candidate, more than {MOST_CHOICES}",
        )


def _twice(zh: str, en: str, ids: Iterable[object]) -> Iterator[BadProblem]:
    for found, count in Counter(ids).items():
        if count > 1:
            yield BadProblem(f"{zh} {found} 出现了{count}次", f"{en} {found} is given {count} times")


def _limits(problem: Problem) -> Iterator[BadProblem]:
    limits = problem.limits
    month = limits.max_per_month
    if limits.max_continuous <= timedelta(0) or limits.min_rest < timedelta(0):
        yield BadProblem(
            "连续值班时长须大于零,休息时长不能为负", "duty must be longer than zero, rest not negative"
        )
    if limits.max_nights_in_7 < 0 or (month is not None and month < 0):
        yield BadProblem("班次上限不能为负数", "a limit of shifts cannot be negative")


def _slot(problem: Problem, slot: Slot) -> Iterator[BadProblem]:
    post = problem.post.get(slot.post)
    if post is None:
        yield BadProblem(f"班次 {slot.id}:没有值班点 {slot.post}", f"slot {slot.id}: no post {slot.post}")
    elif slot.seat not in post.seats:
        yield BadProblem(
            f"班次 {slot.id}:{post.name_zh}没有席位 {slot.seat}",
            f"slot {slot.id}: {post.name_en} has no seat {slot.seat}",
        )
    if not 1 <= slot.needed <= MOST_NEEDED:
        yield BadProblem(
            f"班次 {slot.id}:需要人数应为1至{MOST_NEEDED}",
            f"slot {slot.id}: needed must be 1 to {MOST_NEEDED}",
        )
    yield from _interval(f"班次 {slot.id}", f"slot {slot.id}", slot.during)
    length, most = slot.end - slot.start, problem.limits.max_continuous
    if not SHORTEST_SHIFT <= length <= most:
        yield BadProblem(
            f"班次 {slot.id}:时长{_hours(length)}小时,应为{_hours(SHORTEST_SHIFT)}至{_hours(most)}小时",
            f"slot {slot.id}: {_hours(length)} h long, must be {_hours(SHORTEST_SHIFT)} to {_hours(most)} h",
        )


def _candidate(problem: Problem, candidate: Candidate) -> Iterator[BadProblem]:
    zh, en = f"人员 {candidate.name}", f"candidate {candidate.name}"
    for post, seat in sorted(candidate.fills):
        if post not in problem.post or seat not in problem.post[post].seats:
            yield BadProblem(f"{zh}:没有席位 {post}/{seat}", f"{en}: no seat {post}/{seat}")
    for leave in candidate.leave:
        yield from _interval(f"{zh}休假", f"leave of {en}", leave)
    for around in candidate.around:
        yield from _interval(f"{zh}前后班次", f"shift around of {en}", around.during)
    for wish in candidate.wishes:
        yield from _wish(problem, zh, en, wish)


def _wish(problem: Problem, zh: str, en: str, wish: Wish) -> Iterator[BadProblem]:
    if (wish.slot is None) == (wish.on is None):
        yield BadProblem(f"{zh}:意愿须指明一个班次或一个日期", f"{en}: a wish names a slot or a date")
    elif wish.slot is not None and wish.slot not in problem.slot:
        yield BadProblem(f"{zh}:意愿中没有班次 {wish.slot}", f"{en}: no slot {wish.slot} to wish for")
    if not 1 <= wish.weight <= 10:
        yield BadProblem(f"{zh}:意愿权重应为1至10", f"{en}: the weight of a wish is 1 to 10")


def _fixed(problem: Problem) -> Iterator[BadProblem]:
    for fixed in problem.fixed:
        if fixed.slot not in problem.slot:
            yield BadProblem(f"固定安排:没有班次 {fixed.slot}", f"fixed: no slot {fixed.slot}")
        if fixed.person not in problem.candidate:
            yield BadProblem(f"固定安排:没有人员 {fixed.person}", f"fixed: no person {fixed.person}")


def _span(problem: Problem) -> Iterator[BadProblem]:
    if problem.slots:
        span = max(slot.end for slot in problem.slots) - min(slot.start for slot in problem.slots)
        if span > LONGEST:
            yield BadProblem(
                f"排班跨度{span.days}天,超过{LONGEST.days}天",
                f"a roster of {span.days} days, more than {LONGEST.days}",
            )


def _interval(zh: str, en: str, interval: Interval) -> Iterator[BadProblem]:
    if not (_aware(interval.start) and _aware(interval.end)):
        yield BadProblem(f"{zh}:时间须带时区", f"{en}: the time needs a zone")
    elif interval.end <= interval.start:
        yield BadProblem(f"{zh}:结束时间早于开始时间", f"{en}: ends before it starts")


def _aware(at: datetime) -> bool:
    return at.tzinfo is not None and at.utcoffset() is not None


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g}"
