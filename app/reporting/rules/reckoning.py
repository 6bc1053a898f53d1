"""When one demand of one rule is due, with every number that went into it.

The formula of every reckoning: `at = max(limit_at, grace_at, floor_at)`, of those that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from app.duty.roster.rules.calendar import ExtraDay
from app.reporting.rules.book import Demand, Limit, Rule, Rulebook, Schedule
from app.reporting.rules.schedule import end_of_day, next_due, working_days_after
from app.reporting.rules.situation import Situation, Told
from app.reporting.rules.story import Story
from app.reporting.rules.terms import (
    FROM_OCCURRENCE,
    MILESTONES,
    OWN_REPORT,
    SCHEDULED,
    Anchor,
    Grade,
    Kind,
    Node,
)


class Reckoning(NamedTuple):
    """One rule's due and how it came about.

    `anchor` is what was really counted from: `lrn` where the occurrence is unknown. `limit_at` is the anchor
    plus the limit (or the schedule's hour). `grace_at` and `floor_at` are the earliest the due may be after
    the node came to know and after the change that made the rule hold (`since`). `begins` is the instant
    from which the node could act: alarms are shares of `begins` … `at`. `asks_from` None: any report
    discharges it, else one whose facts are at least so new. What an end asks for that was taken back by a
    reopening is asked for until then (`asks_until`); `turn` counts the ends before this one.
    """

    rule: Rule
    grade: Grade
    anchor: Anchor
    anchor_at: datetime
    limit: Limit | Schedule
    limit_at: datetime
    grace_at: datetime | None
    floor_at: datetime | None
    since: datetime | None
    asks_from: datetime | None
    begins: datetime
    at: datetime
    asks_until: datetime | None = None
    turn: int = 0

    @property
    def applied(self) -> Literal["limit", "grace", "floor"]:
        """Which of the three decided."""
        if self.at == self.limit_at:
            return "limit"
        return "grace" if self.at == self.grace_at else "floor"


@dataclass(frozen=True, slots=True)
class Case:
    """All that reckoning one incident needs. `knows` says since when each node knows of it."""

    situation: Situation
    story: Story
    book: Rulebook
    scopes: frozenset[str]
    now: datetime
    knows: Mapping[Node, datetime]
    received: Mapping[Node, datetime]
    learned: Mapping[Node, datetime]
    told: Mapping[tuple[Node, Node, str], Sequence[Told]]
    extra_days: tuple[ExtraDay, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The county's time zone."""
        return self.book.zone


Reckoner = Callable[[Case, Demand, "datetime | None"], Iterator[Reckoning]]


def reckon(case: Case, demand: Demand) -> Iterator[Reckoning]:
    """Yield the dues of a demand: one for each grade the incident is at least of and the rule names."""
    rule, when = demand.rule, None
    if (rule.kind == "daily_report") is not case.situation.standing:
        return
    if demand.sender not in case.knows:
        return
    if rule.when is not None:
        holds, when = case.story.since_when(rule.when)
        if not holds:
            return
    yield from _RECKONERS[rule.kind](case, demand, when)


def _counted(case: Case, demand: Demand, when: datetime | None) -> Iterator[Reckoning]:
    if demand.anchor != "end":
        if (found := _anchor(case, demand)) is not None:
            yield from _counted_from(case, demand, when, found)
        return
    # Each end asks for its own reports; one that was taken back asks no longer than it held.
    for turn, (ended, until) in enumerate(_ends(case)):
        for one in _counted_from(case, demand, when, ("end", ended)):
            yield one._replace(asks_until=until, turn=turn)


def _ends(case: Case) -> Iterator[tuple[datetime, datetime | None]]:
    for one in case.situation.closings:
        if one.ended <= case.now:
            yield one.ended, one.reopened
    if (ended := _milestone(case, "end")) is not None:
        yield ended, None


def _counted_from(
    case: Case, demand: Demand, when: datetime | None, counted: tuple[Anchor, datetime]
) -> Iterator[Reckoning]:
    anchor, anchor_at = counted
    # What is asked after a milestone begins with it; what the incident asks, with knowledge.
    own = demand.rule.kind in OWN_REPORT
    begin = anchor_at if own else case.knows[demand.sender]
    from_occurrence = anchor in FROM_OCCURRENCE
    semantics, channel = case.book.semantics, demand.channel
    floor = semantics.floor[channel]
    grace_at = begin + semantics.grace[channel] if from_occurrence else None
    for grade, limit in demand.limits:
        if grade not in case.story.since:
            continue
        since = _later(case.story.since[grade], when)
        floor_at = None
        if since is not None and since > begin:
            floor_at = since + floor
        else:
            since = None
            if limit.unit == "minutes" and limit.amount == 0:  # "at once" is as soon as can be
                floor_at = begin + floor
        yield _reckoning(
            case, demand, (grade, limit), (anchor, anchor_at), (grace_at, floor_at, since), begin
        )


def _reckoning(
    case: Case,
    demand: Demand,
    named: tuple[Grade, Limit],
    counted: tuple[Anchor, datetime],
    bounds: tuple[datetime | None, datetime | None, datetime | None],
    begin: datetime,
) -> Reckoning:
    grade, limit = named
    anchor, anchor_at = counted
    grace_at, floor_at, since = bounds
    at = limit_at = _limit_at(case, anchor_at, limit)
    if grace_at is not None and grace_at > at:
        at = grace_at
    if floor_at is not None and floor_at > at:
        at = floor_at
    begins = max(anchor_at, begin, since) if since else max(anchor_at, begin)
    asks_from = since if since or demand.rule.kind not in OWN_REPORT else begin
    if anchor == "chg":
        asks_from = max(anchor_at, since) if since else anchor_at
    return Reckoning(
        demand.rule,
        grade,
        anchor,
        anchor_at,
        limit,
        limit_at,
        grace_at,
        floor_at,
        since,
        asks_from,
        begins,
        at,
    )


def _changed(case: Case, demand: Demand, when: datetime | None) -> Iterator[Reckoning]:
    rule, knows = demand.rule, case.knows[demand.sender]
    floor = case.book.semantics.floor[demand.channel]
    for changed in _changes(case, rule):
        if changed <= knows:
            continue
        for grade, limit in demand.limits:
            if grade not in case.story.since:
                continue
            since = _later(case.story.since[grade], when)
            if since is not None and since <= changed:
                since = None
            # What is due the same day is so however late in the day the change comes.
            floor_at = since + floor if since and limit.unit == "minutes" else None
            yield _reckoning(case, demand, (grade, limit), ("chg", changed), (None, floor_at, since), changed)


def _changes(case: Case, rule: Rule) -> Iterator[datetime]:
    story, situation = case.story, case.situation
    if rule.kind == "supplement":
        window = min(
            (rule.windows[scope] for scope in case.scopes if scope in rule.windows),
            default=rule.windows["default"],
        )
        first = situation.occurred or situation.opened
        yield from (at for at in story.casualties if (at - first).days < window)
        return
    instants = {one.at for one in situation.happenings if one.at <= case.now and one.event in rule.events}
    if "casualty_change" in rule.events:
        instants.update(story.casualties)
    if "level_change" in rule.events:
        instants.update(story.graded)
    if "reopened" in rule.events:
        instants.update(_reopenings(case))
    yield from sorted(instants)


def _reopenings(case: Case) -> list[datetime]:
    return [one.reopened for one in case.situation.closings if one.reopened <= case.now]


def _in_a_row(case: Case, demand: Demand, when: datetime | None) -> Iterator[Reckoning]:
    """Yield the next report of a row; nothing where the row ended before it. A reopening begins it anew."""
    rule = demand.rule
    over = [at for at in (_milestone(case, rule.until), _milestone(case, "end")) if at is not None]
    again = max(_reopenings(case), default=None)
    knows = _later(case.knows[demand.sender], again) or case.now
    anchor: Anchor = "chg" if knows == again else "rcv"
    told = [one.at for one in case.told.get((demand.sender, demand.receiver, demand.channel), ())]
    for grade, schedule in demand.schedules:
        if grade not in case.story.since:
            continue
        since = _later(case.story.since[grade], when)
        start = max(knows, since) if since else knows
        at = next_due(schedule, start, told, case.zone)
        if over and at > min(over):
            continue
        begins = max([start, *[one for one in told if one < at][-1:]])
        yield Reckoning(
            rule, grade, anchor, start, schedule, at, None, None, since, start, min(begins, at), at
        )


_RECKONERS: Mapping[Kind, Reckoner] = {
    "initial": _counted,
    "full_report": _counted,
    "final": _counted,
    "verification": _counted,
    "review": _counted,
    "supplement": _changed,
    "followup_on_event": _changed,
    **dict.fromkeys(SCHEDULED, _in_a_row),
}


def _anchor(case: Case, demand: Demand) -> tuple[Anchor, datetime] | None:
    anchor, sender, situation = demand.anchor, demand.sender, case.situation
    if anchor in MILESTONES:
        at = _milestone(case, anchor)
        return None if at is None else (anchor, at)
    if demand.rule.kind in OWN_REPORT:  # onward: what is passed on is a report of that kind
        receipts = (
            one.at
            for (_, receiver, channel), reports in case.told.items()
            for one in reports
            if receiver == sender and channel == demand.channel and one.kind == demand.rule.kind
        )
        at = min(receipts, default=None)
        return None if at is None else (anchor, at)
    if anchor in FROM_OCCURRENCE:
        if situation.occurred is not None:
            return anchor, situation.occurred
        anchor = "lrn"
    return anchor, (case.received if anchor == "rcv" else case.learned)[sender]


def _milestone(case: Case, anchor: Anchor) -> datetime | None:
    one = case.situation
    at = one.ended if anchor == "end" else one.stable if anchor == "stable" else one.fire_out
    return at if at is not None and at <= case.now else None


def _limit_at(case: Case, anchor_at: datetime, limit: Limit) -> datetime:
    if limit.unit == "minutes":
        return anchor_at + limit.span
    if limit.unit == "end_of_day":
        return max(end_of_day(anchor_at, case.zone), anchor_at)
    return working_days_after(anchor_at, limit.amount, case.zone, case.extra_days)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)
