"""The rules in words that a person at the duty desk understands, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from app.duty.generation.rules.outcome import Reason
from app.duty.generation.rules.problem import Interval, Problem, Wish
from app.duty.generation.rules.rule import Kind, Rule

# The seats of domain/roster_rules.yaml; a county's own seats go by the name they have.
SEATS = {
    "leader_in_charge": ("带班领导", "leader in charge"),
    "shift_lead": ("值班长", "shift lead"),
    "intake": ("接报", "intake"),
    "dispatch_comms": ("调度通信", "dispatch"),
    "clerk": ("文电", "clerk"),
    "duty_officer": ("值班员", "duty officer"),
}
NAMES_TOLD = 8


def reason(problem: Problem, rule: Rule) -> Reason:
    """Return the rule with its sentence in both languages."""
    zh, en = _SAY[rule.kind](problem, rule)
    return Reason(rule, zh, en)


def slot_words(problem: Problem, slot_id: str) -> tuple[str, str]:
    """Return a slot as people call it: date, day or night, post, seat."""
    slot = problem.slot[slot_id]
    post = problem.post[slot.post]
    seat_zh, seat_en = SEATS.get(slot.seat, (slot.seat, slot.seat))
    time_zh, time_en = ("夜班", "night") if slot.night else ("白班", "day")
    return f"{slot.on} {time_zh} {post.name_zh}{seat_zh}", f"{slot.on} {time_en} {post.name_en} {seat_en}"


def wish_words(problem: Problem, wish: Wish) -> tuple[str, str]:
    """Return what is wished for."""
    zh, en = slot_words(problem, wish.slot) if wish.slot is not None else (f"{wish.on}", f"{wish.on}")
    return (f"希望值 {zh}", f"to have {en}") if wish.kind == "want" else (f"希望不值 {zh}", f"to avoid {en}")


def name(problem: Problem, person: int | None) -> str:
    """Return the name of a person."""
    return problem.candidate[person].name if person is not None else ""


def _coverage(problem: Problem, rule: Rule) -> tuple[str, str]:
    slot = problem.slot[rule.slot or ""]
    zh, en = slot_words(problem, slot.id)
    them = [candidate.name for candidate in problem.pool.get((slot.post, slot.seat), ())]
    if not them:
        return f"{zh}需要{slot.needed}人,没有可选人员", f"{en} needs {slot.needed}, nobody fills this seat"
    return (
        f"{zh}需要{slot.needed}人,可选{len(them)}人:{_names(them, '、', '等')}",
        f"{en} needs {slot.needed}, {len(them)} could: {_names(them, ', ', ', …')}",
    )


def _qualification(problem: Problem, rule: Rule) -> tuple[str, str]:
    slot = problem.slot[rule.slot or ""]
    zh, en = slot_words(problem, slot.id)
    pool = problem.pool.get((slot.post, slot.seat), ())
    them = [c.name for c in pool if slot.requires <= c.qualifications]
    wanted = sorted(slot.requires)
    if not them:
        return (
            f"{zh}要求具备{'、'.join(wanted)},无人具备",
            f"{en} requires {', '.join(wanted)}, nobody is qualified",
        )
    return (
        f"{zh}要求具备{'、'.join(wanted)},仅{_names(them, '、', '等')}具备",
        f"{en} requires {', '.join(wanted)}, only {_names(them, ', ', ', …')} qualified",
    )


def _leave(problem: Problem, rule: Rule) -> tuple[str, str]:
    assert rule.leave is not None
    first, last = _days(rule.leave)
    who = name(problem, rule.person)
    return f"{who} {first}至{last}休假", f"{who} is on leave {first} to {last}"


def _fixed(problem: Problem, rule: Rule) -> tuple[str, str]:
    zh, en = slot_words(problem, rule.slot or "")
    who = name(problem, rule.person)
    return f"{who}已人工固定在 {zh}", f"{who} is fixed by hand on {en}"


def _seat(problem: Problem, rule: Rule) -> tuple[str, str]:
    zh, en = slot_words(problem, rule.slot or "")
    who = name(problem, rule.person)
    return f"{who}不在 {zh} 的可选人员中", f"{who} is not among those who fill {en}"


def _one_place(problem: Problem, rule: Rule) -> tuple[str, str]:
    who = name(problem, rule.person)
    return f"{who}同一时间只能在一个席位", f"{who} can be in one place at a time"


def _rest(problem: Problem, rule: Rule) -> tuple[str, str]:
    who, hours = name(problem, rule.person), _hours(problem.limits.min_rest)
    return f"{who}两班之间须休息{hours}小时", f"{who} rests {hours} h between duties"


def _continuous(problem: Problem, rule: Rule) -> tuple[str, str]:
    who, hours = name(problem, rule.person), _hours(problem.limits.max_continuous)
    return f"{who}连续值班不得超过{hours}小时", f"{who} is on duty {hours} h at a stretch at most"


def _nights(problem: Problem, rule: Rule) -> tuple[str, str]:
    who, most = name(problem, rule.person), problem.limits.max_nights_in_7
    return f"{who}任意7天内夜班不得超过{most}个", f"{who} has {most} nights in any 7 days at most"


def _month(problem: Problem, rule: Rule) -> tuple[str, str]:
    who, most = name(problem, rule.person), problem.limits.max_per_month
    return f"{who}每月值班不得超过{most}次", f"{who} has {most} duties a month at most"


_SAY: dict[Kind, Callable[[Problem, Rule], tuple[str, str]]] = {
    "coverage": _coverage,
    "qualification": _qualification,
    "leave": _leave,
    "fixed": _fixed,
    "seat": _seat,
    "one_place": _one_place,
    "rest": _rest,
    "continuous": _continuous,
    "nights": _nights,
    "month": _month,
}


def _names(them: Iterable[str], between: str, more: str) -> str:
    told = list(them)
    return between.join(told[:NAMES_TOLD]) + (more if len(told) > NAMES_TOLD else "")


def _days(leave: Interval) -> tuple[date, date]:
    """Return the first and the last date: a leave until midnight does not hold the day that begins then."""
    return leave.start.date(), max(leave.start, leave.end - timedelta(microseconds=1)).date()


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):g}"
