"""Tables of the roster: who is meant to sit where, and what changed it.

`shift` is what holds: who is on duty is read from it alone. It is written only by `settle`, which
resolves the published month, the temporary schedules and the overrides of a seat and never touches what
is past. A person cannot hold two shifts at once: the database refuses (`shift_one_person_one_place`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet

_SPAN = text("tstzrange(starts_at, ends_at)")


def _one(column: str) -> Any:
    return text(f"int8range({column}, {column}, '[]')")


class SeatRotation(SQLModel, table=True):
    """A rotation that proposes who holds a seat: groups of persons take turns.

    `groups` is a list of lists of person ids; `windows` a list of `{days, start, end}` in local time, empty
    for always; `on_days` the weekdays (0 = Monday) on which a turn is used up, null for every day.
    """

    __tablename__ = "seat_rotation"
    __table_args__ = (CheckConstraint("length BETWEEN 1 AND 400", name="rotation_length_is_sane"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    seat_id: int = Field(foreign_key="duty_seat.id", sa_type=BigInteger, index=True)
    name: str = ""
    kind: str  # hourly | daily | weekly | monthly
    length: int = 1
    starts_at: datetime = instant()
    groups: list[list[int]] = Field(sa_column=Column(JSONB, nullable=False))
    on_days: list[int] | None = Field(default=None, sa_column=Column(JSONB, nullable=True))
    windows: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    made_by: str = ""
    made_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)


class RosterMonth(SQLModel, table=True):
    """The roster of one post for one month: the draft that is worked on and the version that was published.

    Cells are `[seat_id, person_id, starts_at, ends_at]`. `draft_version` grows with every edit, so that
    two planners cannot overwrite each other; `revision` with every publication.
    """

    __tablename__ = "roster_month"

    post_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("duty_post.id"), primary_key=True, autoincrement=False)
    )
    month: date = Field(primary_key=True)  # its first day
    draft: list[list[Any]] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    draft_version: int = 0
    draft_by: str = ""
    draft_at: datetime | None = instant(nullable=True)
    published: list[list[Any]] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    revision: int = 0
    published_by: str = ""
    published_at: datetime | None = instant(nullable=True)


class RosterOverride(SQLModel, table=True):
    """Somebody more, somebody less, or one instead of another, for a while (临时调整, 替班, 换班).

    `shift_starts_at` binds it to the shift of that start: when the shift moves, it has to be looked at again.
    """

    __tablename__ = "roster_override"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="override_has_a_length"),
        CheckConstraint(
            "add_person_id IS NOT NULL OR remove_person_id IS NOT NULL", name="override_does_something"
        ),
        CheckConstraint("add_person_id IS DISTINCT FROM remove_person_id", name="override_changes_somebody"),
        ExcludeConstraint(
            (_one("seat_id"), "&&"),
            (_one("add_person_id"), "&&"),
            (_SPAN, "&&"),
            where=text("revoked_at IS NULL AND add_person_id IS NOT NULL"),
            name="override_adds_a_person_once",
        ),
        ExcludeConstraint(
            (_one("seat_id"), "&&"),
            (_one("remove_person_id"), "&&"),
            (_SPAN, "&&"),
            where=text("revoked_at IS NULL AND remove_person_id IS NOT NULL"),
            name="override_removes_a_person_once",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    seat_id: int = Field(foreign_key="duty_seat.id", sa_type=BigInteger)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    add_person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    remove_person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    kind: str = "override"  # override | substitution | swap | leave | acting
    swap_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    leave_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    reason: str = ""
    made_by: str = ""
    made_at: datetime = instant()
    revoked_by: str | None = None
    revoked_at: datetime | None = instant(nullable=True)


class TemporarySchedule(SQLModel, table=True):
    """For a while only these shifts hold at a seat, whatever roster and overrides say (e.g. 三级值班).

    `shifts` are `[person_id, starts_at, ends_at]` within the span; what lies between them stays empty.
    """

    __tablename__ = "temporary_schedule"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="temporary_has_a_length"),
        ExcludeConstraint(
            (_one("seat_id"), "&&"),
            (_SPAN, "&&"),
            where=text("revoked_at IS NULL"),
            name="temporary_schedules_do_not_overlap",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    seat_id: int = Field(foreign_key="duty_seat.id", sa_type=BigInteger)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    shifts: list[list[Any]] = Field(sa_column=Column(JSONB, nullable=False))
    reason: str = ""
    made_by: str = ""
    made_at: datetime = instant()
    revoked_by: str | None = None
    revoked_at: datetime | None = instant(nullable=True)


class Shift(SQLModel, table=True):
    """One person on one seat for one span. A shift that no longer holds is cancelled, never deleted."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="shift_has_a_length"),
        CheckConstraint("ends_at - starts_at <= interval '93 days'", name="shift_is_not_endless"),
        ExcludeConstraint(
            (_one("person_id"), "&&"),
            (_SPAN, "&&"),
            where=text("state = 'planned'"),
            name="shift_one_person_one_place",
        ),
        # Not only of planned ones: a partial index would tempt the planner to walk it for every seat.
        Index("shift_span", _SPAN, postgresql_using="gist"),
        Index("shift_of_person", "person_id", "ends_at"),  # asked before every request (dispatch/secrecy)
        Index("shift_of_seat", "seat_id", "starts_at", postgresql_where=text("state = 'planned'")),
        Index(
            "shift_untold",
            "stream",
            "starts_at",
            postgresql_where=text(
                "(state = 'planned' AND told_at IS NULL)"
                " OR (state = 'cancelled' AND told_at IS NOT NULL AND withdrawal_told_at IS NULL)"
            ),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    seat_id: int = Field(foreign_key="duty_seat.id", sa_type=BigInteger)
    person_id: int = Field(foreign_key="person.id", sa_type=BigInteger)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    source: str  # roster | override | temporary
    state: str = "planned"  # planned | cancelled
    made_at: datetime = instant()
    cancelled_at: datetime | None = instant(nullable=True)
    told_at: datetime | None = instant(nullable=True)  # when its person was told of it
    withdrawal_told_at: datetime | None = instant(nullable=True)  # … and that it no longer holds
    reminded_at: datetime | None = instant(nullable=True)
