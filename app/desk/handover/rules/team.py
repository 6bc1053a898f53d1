"""The two teams of a hand-over: who is here, who leads, who is late, who may go (domain/rules B7 R8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.duty.roster.rules.ranks import LEADERS, RANKS, rank

Side = Literal["outgoing", "incoming"]
EARLY = timedelta(minutes=10)
"""So long before the change the successor has to be there (R8)."""
OPENS_BEFORE = timedelta(hours=1)
"""A sheet is opened at most so long before the change of shift …"""
OPENS_AFTER = timedelta(hours=24)
"""… and at most so long after it."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of one of the teams: when the shift begins or ends, and when he came or went."""

    person_id: int
    side: Side
    seat_id: int
    role: str
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def here(self) -> bool:
        """Whether he is at the desk: the outgoing until he goes, the incoming once he came."""
        return self.left_at is None and (self.side == "outgoing" or self.arrived_at is not None)


@dataclass(frozen=True, slots=True)
class Held:
    """A shift of the roster, as far as the change of teams needs it."""

    person_id: int
    seat_id: int
    role: str
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None = None


def change_near(shifts: Sequence[Held], now: datetime) -> datetime | None:
    """Return the change of shift to be handed over now: the latest that is not more than an hour away.

    The desk changes when the seat that leads it changes: a clerk's substitute for two hours is no change.
    """
    seated = [shift for shift in shifts if shift.role in RANKS]
    leading = min((rank(shift.role) for shift in seated), default=None)
    instants = {
        at for shift in seated if rank(shift.role) == leading for at in (shift.starts_at, shift.ends_at)
    }
    near = [at for at in instants if now - OPENS_AFTER <= at <= now + OPENS_BEFORE]
    return max(near, default=None)


def teams(shifts: Sequence[Held], change_at: datetime) -> tuple[tuple[Member, ...], tuple[Member, ...]]:
    """Return who goes and who comes at a change; who sits on both sides of it stays, and is in neither."""
    goes = [shift for shift in shifts if shift.ends_at == change_at]
    comes = [shift for shift in shifts if shift.starts_at == change_at]
    staying = {shift.person_id for shift in goes} & {shift.person_id for shift in comes}
    return (
        tuple(_member(shift, "outgoing") for shift in goes if shift.person_id not in staying),
        tuple(_member(shift, "incoming") for shift in comes if shift.person_id not in staying),
    )


def _member(shift: Held, side: Side) -> Member:
    here = shift.arrived_at if side == "incoming" else None  # who checked in before the sheet was opened
    return Member(shift.person_id, side, shift.seat_id, shift.role, shift.starts_at, shift.ends_at, here)


def lead_of(members: Sequence[Member], side: Side) -> Member | None:
    """Return who signs for a side: the highest of the desk among those who are here."""
    here = [m for m in members if m.side == side and m.here and m.role in RANKS]
    return min(here, key=lambda m: (rank(m.role), m.person_id), default=None)


def leaders_of(members: Sequence[Member]) -> tuple[int, ...]:
    """Return the leaders in charge of either team; one who is on call need not be in the room."""
    return tuple(m.person_id for m in members if m.role in LEADERS)


def minutes_late(member: Member, at: datetime) -> int:
    """Return by how many whole minutes of the clock he comes after his shift began, 0 for not late."""
    return max(0, _minute(at) - _minute(member.starts_at))


def came_early(starts_at: datetime, arrived_at: datetime) -> bool:
    """Whether somebody came the ten minutes before his shift that the rule asks for."""
    return arrived_at <= starts_at - EARLY


def overtime_min(member: Member, until: datetime) -> int:
    """Return how many whole minutes he stayed beyond the end of his shift."""
    return max(0, _minute(until) - _minute(member.ends_at))


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def leaves_it_empty(member: Member, members: Sequence[Member], needed: Mapping[int, int]) -> bool:
    """Whether a seat would be short of people if this one went now."""
    others = [m for m in members if m.here and m.seat_id == member.seat_id and m != member]
    return len(others) < needed.get(member.seat_id, 0)
