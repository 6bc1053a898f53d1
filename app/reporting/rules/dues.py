"""What is due, from whom to whom, by when and why (domain/rules B5, "Engine semantics").

The law of a due, for every rule that matches, every grade it names, every channel:

1. **At least.** A rule that names a grade binds every incident that is *at least* of it: the demands of the
   lower grades go on when the level rises. Of all demands on (sender, receiver, channel, kind) the earliest
   counts. Hence more rules, more profiles or a higher level never make a due later.
2. **First due.** `max(anchor + limit, knowledge + grace)`; grace only where the anchor is the occurrence,
   since what counts from a node's own receipt cannot be before it. Where the occurrence is unknown, the
   reporting node's learning is counted from. "At once" (limit 0) is knowledge + floor.
3. **After a change.** A grade or condition that began to hold after the node knew (and after the incident was
   opened) is due at `max(anchor + limit, knowledge + grace, beginning + floor)`. Its beginning is the instant
   since which it holds *without a break*. So when a level goes up and down five times in a minute, the floor
   of the higher grade counts from the last rise: never earlier than the law allows. But what was due for
   the lower grade stays due beside it, and a grade that held all the time keeps its beginning: no change
   ever postpones what was due before it, and no cap is passed by changing facts often enough. A change of
   figures that changes no grade and no condition moves no initial due; it is the matter of follow-ups.
4. **Discharge.** A report discharges what began up to the facts it tells (`Told.knows`); a grade that begins
   later is asked for anew, which is the next `round`. A full report, a final report, a verification and a
   review are discharged only by a report of their kind, everything else by any report of that channel.
   What is asked of an end is asked of each end: a reopening takes back what is not made yet, and the next
   end asks for the next round. Rows of reports begin anew with a reopening.
5. **Knowledge.** A node that does not know owes nothing, and is never late before it knows. Where its grace
   passes a statutory cap counted from the occurrence, the due says so and names the node below that was late.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.duty.roster.rules.calendar import ExtraDay
from app.reporting.rules.book import Rulebook
from app.reporting.rules.reckoning import Case, Reckoning, reckon
from app.reporting.rules.situation import Situation, Told
from app.reporting.rules.story import read_story
from app.reporting.rules.terms import FROM_OCCURRENCE, OWN_REPORT, SCHEDULED, Channel, Kind, Node

Key = tuple[Node, Node, Channel, Kind]


@dataclass(frozen=True, slots=True)
class Upstream:
    """A statutory cap that had passed before the node could report, and who was late (None: unknown)."""

    rule_id: str
    profile: str
    cap_at: datetime
    late_node: Node | None
    late_min: int


@dataclass(frozen=True, slots=True)
class Due:
    """A report that one node owes another. `why` is the reckoning that won, `losers` the other ones.

    `done` is the first report that discharged it, None while it is open. `round` counts from 1: each change
    that asks for a report anew, after one was made, opens the next. `held_from`: put off because its rules
    hold only since then (`succession`). Words: `words.in_words`.
    """

    kind: Kind
    sender: Node
    receiver: Node
    channel: Channel
    round: int
    at: datetime
    why: Reckoning
    losers: tuple[Reckoning, ...] = ()
    done: Told | None = None
    cap_exceeded_upstream: Upstream | None = None
    held_from: datetime | None = None

    @property
    def key(self) -> Key:
        """What it is about, without the round."""
        return self.sender, self.receiver, self.channel, self.kind

    @property
    def skip_allowed(self) -> bool:
        """Whether a level may be skipped (越级)."""
        return any(one.rule.skip_allowed for one in (self.why, *self.losers))


def dues(
    situation: Situation,
    rules: Rulebook,
    active_profiles: Collection[str],
    now: datetime,
    extra_days: tuple[ExtraDay, ...] = (),
) -> tuple[Due, ...]:
    """Return what is due of an incident as it is known at `now`, open and discharged, the earliest first.

    Of a row of follow-ups only the next one stands there. `extra_days` are the county's own working days and
    holidays. Raises KeyError for a profile the rules do not know. The law stands above, in the module.
    """
    case = _case(situation, rules, active_profiles, now, extra_days)
    groups: dict[Key, list[Reckoning]] = {}
    for demand in rules.plan(active_profiles, case.scopes).demands:
        for one in reckon(case, demand):
            key = (demand.sender, demand.receiver, demand.channel, demand.rule.kind)
            groups.setdefault(key, []).append(one)
    found = [due for key, told in groups.items() for due in _rounds(case, key, told)]
    found = [_upstream(case, due, found) for due in found]
    return tuple(sorted(found, key=lambda due: (due.at, due.sender, due.receiver, due.channel, due.kind)))


def open_dues(found: Iterable[Due]) -> tuple[Due, ...]:
    """Return those nothing has discharged yet."""
    return tuple(due for due in found if due.done is None)


def _case(
    situation: Situation,
    rules: Rulebook,
    active: Collection[str],
    now: datetime,
    extra_days: tuple[ExtraDay, ...],
) -> Case:
    scopes = rules.scopes_of(situation.event_code) | situation.scopes
    told: dict[tuple[Node, Node, str], list[Told]] = {}
    first_told: dict[Node, datetime] = {}
    for one in sorted(situation.told, key=lambda one: (one.at, one.knows)):
        if one.at <= now:
            told.setdefault((one.sender, one.receiver, one.channel), []).append(one)
            first_told.setdefault(one.receiver, one.at)
    received = {node: at for node, at in situation.received.items() if at <= now}
    learned = {node: at for node, at in situation.learned.items() if at <= now}
    receipts: dict[Node, datetime] = {**learned, **first_told, **received}
    learnings: dict[Node, datetime] = {**first_told, **received, **learned}
    knows = {node: min(at, learnings[node]) for node, at in receipts.items()}
    return Case(
        situation,
        read_story(situation, rules, scopes, rules.plan(active, scopes).burning, now),
        rules,
        scopes,
        now,
        knows,
        receipts,
        learnings,
        told,
        extra_days,
    )


def _rounds(case: Case, key: Key, told: Sequence[Reckoning]) -> Iterable[Due]:
    """Yield one due for each report that discharges something, then one for what is open."""
    sender, receiver, channel, kind = key
    reports: Sequence[Told] = case.told.get((sender, receiver, channel), ())
    if kind in OWN_REPORT:
        reports = [one for one in reports if one.kind == kind]
    if kind in SCHEDULED or (not reports and kind not in OWN_REPORT):
        yield _due(key, 1, told, None)
        return
    by_report: dict[tuple[int, int], list[Reckoning]] = {}
    for one in told:
        by_report.setdefault((one.turn, _discharging(one, reports)), []).append(one)
    for number, (turn, which) in enumerate(sorted(by_report), start=1):
        asked = by_report[turn, which]
        if which < len(reports):
            yield _due(key, number, asked, reports[which])
        elif asked[0].asks_until is None or asked[0].asks_until > case.now:
            yield _due(key, number, asked, None)


def _discharging(one: Reckoning, reports: Sequence[Told]) -> int:
    if one.asks_from is None:
        return 0
    for n, report in enumerate(reports):
        if one.asks_until is not None and report.at >= one.asks_until:
            break
        if report.at >= one.asks_from <= report.knows:
            return n
    return len(reports)


def _due(key: Key, number: int, told: Sequence[Reckoning], done: Told | None) -> Due:
    sender, receiver, channel, kind = key
    first = told[0] if len(told) == 1 else min(told, key=_preference)
    losers = tuple(one for one in told if one is not first)
    return Due(kind, sender, receiver, channel, number, first.at, first, losers, done)


def _preference(one: Reckoning) -> tuple[datetime, bool, str, str]:
    return one.at, not one.rule.statutory, one.rule.id, one.grade


def _upstream(case: Case, due: Due, all_dues: Sequence[Due]) -> Due:
    if due.why.grace_at is None or due.at > due.why.grace_at:
        return due
    passed = [
        one
        for one in (due.why, *due.losers)
        if one.rule.statutory
        and one.anchor in FROM_OCCURRENCE
        and one.limit_at < due.at
        and one.since is None
    ]
    if not passed:
        return due
    cap = min(passed, key=lambda one: one.limit_at)
    node, late_min = _late_below(case, due.sender, all_dues)
    upstream = Upstream(cap.rule.id, cap.rule.profile, cap.limit_at, node, late_min)
    return replace(due, cap_exceeded_upstream=upstream)


def _late_below(case: Case, node: Node, all_dues: Iterable[Due]) -> tuple[Node | None, int]:
    """Return who reported latest to a node, measured at its dues, and by how many started minutes."""
    knew = case.knows[node]
    found: dict[Node, float] = {}
    for due in all_dues:
        if due.receiver == node and due.kind == "initial":
            over = ((due.done.at if due.done else knew) - due.at).total_seconds()
            found[due.sender] = max(over, found.get(due.sender, 0))
    worst = max(found, key=lambda one: (found[one], one), default=None)
    if worst is None or found[worst] <= 0:
        return None, 0
    return worst, -int(-found[worst] // 60)
