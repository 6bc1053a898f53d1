"""What the rules say of a month's roster before it is published (domain/rules B7: R1, R4, R10, R19, R20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.duty.roster.rules.calendar import ExtraDay
from app.duty.roster.rules.fatigue import fatigue
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.manned import manned
from app.duty.roster.rules.plan import FixedShift
from app.duty.roster.rules.proof import double_bookings, gaps
from app.duty.roster.rules.training import lacking, said

Severity = Literal["block", "red", "amber", "warn"]
MOST = 200  # nobody reads more
_ORDER: Mapping[Severity, int] = {"block": 0, "red": 1, "amber": 2, "warn": 3}
ROLES: Mapping[str, tuple[str, str]] = {
    "chief_leader": ("总带班", "chief leader"),
    "leader_in_charge": ("带班领导", "leader in charge"),
    "shift_lead": ("值班长", "shift lead"),
    "intake": ("接报席", "intake"),
    "dispatch_comms": ("调度通信席", "dispatch"),
    "clerk": ("文电席", "clerk"),
    "duty_officer": ("值班员", "duty officer"),
    "reporter_a": ("信息员A角", "reporter A"),
    "reporter_b": ("信息员B角", "reporter B"),
    "reserve_duty": ("备班", "reserve"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A kind of chair: `needed` persons at every minute; R20 counts only for those in the duty room."""

    id: int
    role: str
    needed: int
    on_site: bool = True
    days: str = "always"
    requires: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """The planned shifts of a month, each with its seat; each begins within the month."""

    month: Interval
    seats: tuple[Seat, ...]
    cells: tuple[tuple[int, FixedShift], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What else bears on the draft.

    `elsewhere` are shifts of the same persons at other posts, `around` the shifts of this post that begin
    outside the month, `departed` those among the planned who serve no longer, `trained` what they were
    trained for. `extra` are the county's own days.
    """

    names: Mapping[int, str]
    departed: frozenset[int] = frozenset()
    of_unit: frozenset[int] = frozenset()
    leave: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)
    trained: Mapping[int, frozenset[str]] = field(default_factory=dict)
    elsewhere: tuple[FixedShift, ...] = ()
    around: tuple[tuple[int, FixedShift], ...] = ()
    extra: tuple[ExtraDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach of a rule: block (nobody may publish it), red (a planner answers for it), amber, warn."""

    code: str
    rule: str
    severity: Severity
    zh: str
    en: str
    seat: int | None = None
    person: int | None = None
    interval: Interval | None = None


def examine(draft: Draft, known: Known, zone: ZoneInfo, now: datetime) -> tuple[Finding, ...]:
    """Return what speaks against a draft, the gravest first, at most 200; the past is not judged."""
    if draft.month.end <= now:
        return ()
    ahead = Interval(max(now, draft.month.start), draft.month.end)
    found = [
        *_gaps(draft, known, ahead, zone),
        *_two_places(draft, known, ahead, zone),
        *_on_leave(draft, known, ahead, zone),
        *_departed(draft, known, ahead, zone),
        *_untrained(draft, known, ahead),
        *_strangers(draft, known),
        *_fatigue(draft, known, ahead, zone),
    ]
    found.sort(key=lambda f: (_ORDER[f.severity], f.interval.start if f.interval else now))
    return tuple(found[:MOST])


def _gaps(draft: Draft, known: Known, ahead: Interval, zone: ZoneInfo) -> Iterator[Finding]:
    for seat in draft.seats:
        held = [shift for at, shift in (*draft.cells, *known.around) if at == seat.id]
        zh, en = ROLES.get(seat.role, (seat.role, seat.role))
        spans = manned(seat.days, ahead, zone, known.extra)
        for gap in (gap for span in spans for gap in gaps(held, seat.needed, span)):
            yield Finding(
                "COVERAGE_GAP",
                "R1",
                "red",
                f"{_when(gap.interval, zone)} {zh}缺{gap.missing}人",
                f"{gap.missing} missing as {en}, {_when(gap.interval, zone)}",
                seat=seat.id,
                interval=gap.interval,
            )


def _two_places(draft: Draft, known: Known, ahead: Interval, zone: ZoneInfo) -> Iterator[Finding]:
    seats: defaultdict[int, list[FixedShift]] = defaultdict(list)
    for at, shift in (*draft.cells, *known.around):
        seats[at].append(shift)
    seats[0] = list(known.elsewhere)
    says = ("被排在两个席位", "holds two seats")
    for clash in double_bookings(seats):
        if clash.interval.end > ahead.start:
            who = _named(clash.person, clash.interval, known, zone, says)
            yield Finding("DOUBLE_BOOKED", "R10", "block", *who, person=clash.person, interval=clash.interval)


def _on_leave(draft: Draft, known: Known, ahead: Interval, zone: ZoneInfo) -> Iterator[Finding]:
    says = ("请假期间被排班", "is on leave")
    for _, shift in draft.cells:
        for away in known.leave.get(shift.person, ()):
            both = away.intersect(shift.interval)
            if both is not None and both.end > ahead.start:
                who = _named(shift.person, both, known, zone, says)
                yield Finding("ON_LEAVE", "A2.10", "block", *who, person=shift.person, interval=both)


def _departed(draft: Draft, known: Known, ahead: Interval, zone: ZoneInfo) -> Iterator[Finding]:
    says = ("已离职,不能再排班", "serves no longer")
    for _, shift in draft.cells:
        if shift.person in known.departed and shift.interval.end > ahead.start:
            who = _named(shift.person, shift.interval, known, zone, says)
            yield Finding("HAS_LEFT", "A2.10", "block", *who, person=shift.person, interval=shift.interval)


def _untrained(draft: Draft, known: Known, ahead: Interval) -> Iterator[Finding]:
    """Tell once for each seat and person who sits there without the training it requires (R19)."""
    requires = {seat.id: seat.requires for seat in draft.seats if seat.requires}
    planned = {(seat, shift.person) for seat, shift in draft.cells if shift.interval.end > ahead.start}
    for seat, person in sorted(planned):
        if lacks := lacking(requires.get(seat, ()), known.trained.get(person, ())):
            name, (zh, en) = known.names.get(person, str(person)), said(lacks)
            yield Finding("UNTRAINED", "R19", "red", f"{name}{zh}", f"{name}: {en}", seat=seat, person=person)


def _strangers(draft: Draft, known: Known) -> Iterator[Finding]:
    for person in sorted({shift.person for _, shift in draft.cells} - known.of_unit):
        name = known.names.get(person, str(person))
        yield Finding(
            "OUTSIDER", "R10", "amber", f"{name}不是本单位人员", f"{name} is not of this unit", person=person
        )


def _fatigue(draft: Draft, known: Known, ahead: Interval, zone: ZoneInfo) -> Iterator[Finding]:
    on_site = {seat.id for seat in draft.seats if seat.on_site}
    own = [shift for at, shift in (*draft.cells, *known.around) if at in on_site]
    persons = {shift.person for at, shift in draft.cells if at in on_site}
    for worn in fatigue([*own, *known.elsewhere], zone):
        if worn.person in persons and worn.interval.end > ahead.start and worn.interval.start < ahead.end:
            name = known.names.get(worn.person, str(worn.person))
            yield Finding(
                f"FATIGUE_{worn.kind.upper()}",
                "R20",
                "warn",
                f"{name}:{worn.zh}",
                f"{name}: {worn.en}",
                person=worn.person,
                interval=worn.interval,
            )


def _named(
    person: int, span: Interval, known: Known, zone: ZoneInfo, says: tuple[str, str]
) -> tuple[str, str]:
    """Say in Chinese and English who, when and what."""
    name, when = known.names.get(person, str(person)), _when(span, zone)
    return f"{name} {when} {says[0]}", f"{name} {says[1]}, {when}"


def _when(span: Interval, zone: ZoneInfo) -> str:
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    return f"{start:%m-%d %H:%M}–{end:%m-%d %H:%M}"
