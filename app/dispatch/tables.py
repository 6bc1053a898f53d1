"""Tables of dispatch: signals heard, alarms, incidents, assignments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet

ACTIVE_STATES = ("dispatched", "acknowledged", "en_route", "on_scene")
_ACTIVE_SQL = "state IN ('dispatched', 'acknowledged', 'en_route', 'on_scene')"


class EventType(SQLModel, table=True):
    """A kind of incident by (scheme, code); `restricted` kinds are need-to-know (domain/rules B1)."""

    __tablename__ = "event_type"

    scheme: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    name_zh: str
    name_en: str
    category: str
    restricted: bool = False


class HeardSignal(SQLModel, table=True):
    """A distress call or text exactly as it was heard: raw bytes, both times, and what became of it.

    `dedup_key` tells a repeated copy from a new call; copies are kept too, for the counter is proof.
    """

    __tablename__ = "heard_signal"
    __table_args__ = (
        Index("heard_signal_dedup", "device_id", "dedup_key"),
        Index("heard_signal_calls", "alarm_id", postgresql_where=text("kind <> 'text'")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    device_id: int = Field(foreign_key="device.id", sa_type=BigInteger)
    kind: str  # distress | trouble | ring | text
    dedup_key: str
    text: str = ""
    raw: bytes
    sent_at: datetime | None = instant(nullable=True)
    heard_at: datetime = instant()
    alarm_id: int | None = Field(default=None, foreign_key="alarm.id", sa_type=BigInteger)


class Alarm(SQLModel, table=True):
    """A call for help, a device in trouble or a telephone that rings: it waits for a person's judgement.

    At most one unsettled alarm per device, kind and subject (the number that calls, else ""): ten copies
    of one SOS are one alarm with a counter. The device row is locked first; this index is the belt. One of a
    drill (`drill_id`) stands apart, and `readers` are who takes part in it, as far as they were named.
    """

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "one_unsettled_alarm_per_device_and_kind",
            "device_id",
            "kind",
            "subject",
            text("coalesce(drill_id, 0)"),
            unique=True,
            postgresql_where=text("state IN ('open', 'acknowledged')"),
        ),
        Index("alarm_of_device", "device_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    state: str = "open"
    kind: str = "sos"
    subject: str = Field(default="", sa_column_kwargs={"server_default": ""})
    device_id: int = Field(foreign_key="device.id", sa_type=BigInteger)
    region_code: str
    text: str = ""
    count: int = 1
    sent_at: datetime | None = instant(nullable=True)
    first_heard_at: datetime = instant()
    last_heard_at: datetime = instant()
    told_at: datetime = instant()  # when the journal last carried the counter
    lon: float | None = None
    lat: float | None = None
    fixed_at: datetime | None = instant(nullable=True)
    trail: list[dict[str, object]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = instant(nullable=True)
    settled_by: str | None = None
    settled_at: datetime | None = instant(nullable=True)
    dismiss_reason: str | None = None
    dismissal: dict[str, object] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    reply: str = Field(default="", sa_column_kwargs={"server_default": ""})
    search: dict[str, object] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    drill_id: int | None = Field(default=None, sa_type=BigInteger)  # a floor above: no foreign key
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )


class IncidentNumber(SQLModel, table=True):
    """The last running number of each day: SJ-20250618-001 (no gaps, no repeats); drills count apart."""

    __tablename__ = "incident_number"

    stream: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    last: int = 0


class Incident(SQLModel, table=True):
    """An incident (突发事件).

    `concern_regions` and `concern_teams` only grow: who was told once goes on being told, so that
    nobody is left with a picture that silently stopped. `readers` are who may know a need-to-know
    incident, when they were named (`named_readers` says them in words); none named: those of the desk
    whose role may. `casualties` derives from the official figures, `grading` says why the level is so.
    `drill_id`: it belongs to a drill, and so does all that grows from it (exercise/inheriting.py).
    """

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("stream", "number", name="incident_number_is_unique"),
        Index("incident_open", "stream", "state"),
        Index("incident_sealed", "stream", postgresql_where=text("restricted")),
        Index("incident_named", "stream", postgresql_where=text("readers <> '{}' AND NOT restricted")),
        Index("incident_of_drill", "drill_id", postgresql_where=text("drill_id IS NOT NULL")),
        Index("incident_due", "scheduled_for", postgresql_where=text("state = 'scheduled'")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    number: str
    state: str = "open"
    version: int = 1
    title: str
    event_scheme: str
    event_code: str
    initial_level: int
    restricted: bool
    restricted_by_hand: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    sensitive: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    life_threat: bool
    source: str
    region_code: str = Field(foreign_key="region.code")
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    description: str = ""
    callers: list[dict[str, object]] = Field(
        default_factory=none_yet, sa_column=Column(JSONB, nullable=False)
    )
    casualties: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    grading: dict[str, object] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    place: dict[str, object] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True)
    )
    tellings: list[dict[str, object]] = Field(
        default_factory=none_yet, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    named_readers: list[dict[str, object]] = Field(
        default_factory=none_yet, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    occurred_at: datetime | None = instant(nullable=True)
    received_at: datetime = instant()
    opened_at: datetime = instant()
    opened_by: str
    closed_at: datetime | None = instant(nullable=True)
    closed_by: str | None = None
    close_reason: str | None = None
    # A planned incident opens by itself at this instant, in the name of whoever planned it.
    scheduled_for: datetime | None = instant(nullable=True)
    scheduled_by_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInteger)
    merged_into_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger)
    drill_id: int | None = Field(default=None, sa_type=BigInteger)  # a floor above: no foreign key
    alarm_ids: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False)
    )
    concern_regions: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False)
    )
    concern_teams: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False)
    )


class Assignment(SQLModel, table=True):
    """One team sent to one incident; a team has at most one active: its row is locked, the index the belt."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("one_active_assignment_per_team", "team_id", unique=True, postgresql_where=text(_ACTIVE_SQL)),
        Index("assignment_of_team", "team_id", "assigned_at"),
        Index("assignment_next_step", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
        Index("assignment_watch", "watch_at", postgresql_where=text("watch_at IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    team_id: int = Field(foreign_key="team.id", sa_type=BigInteger)
    state: str = "dispatched"
    text: str = ""
    rank_when_assigned: int | None = None
    assigned_by: str
    assigned_at: datetime = instant()
    answer_due_at: datetime = instant()
    # The ladder: the rung taken last, how many were taken this time, how often it began anew.
    escalation_step: int = -1
    escalation_taken: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    escalation_round: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    escalation_began_at: datetime = instant()
    next_step_at: datetime | None = instant(nullable=True)  # the timer: survives restarts
    escalation_stopped_by: str | None = None
    escalation_stopped_reason: str | None = None
    escalation_rung: str | None = None  # the id of the rung taken last: the file may change meanwhile
    escalation_held: str | None = None  # why the ladder waits (ladder/holds.py)
    leader_alerted_at: datetime | None = instant(nullable=True)
    called: list[dict[str, Any]] = Field(
        default_factory=none_yet, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    acknowledged_at: datetime | None = instant(nullable=True)
    en_route_at: datetime | None = instant(nullable=True)
    on_scene_at: datetime | None = instant(nullable=True)
    task_done_at: datetime | None = instant(nullable=True)
    declined_at: datetime | None = instant(nullable=True)
    cancelled_at: datetime | None = instant(nullable=True)
    answered_by: str | None = None
    answer_channel: str | None = None
    returned_at: datetime | None = instant(nullable=True)
    reason: str | None = None
    terms: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    # Several acknowledgements: how many, of whom (nobody named: of anybody), and which came.
    acks_required: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    ack_people: list[dict[str, Any]] = Field(
        default_factory=none_yet, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    acks: list[dict[str, Any]] = Field(
        default_factory=none_yet, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    # The second timer: the earliest of an acknowledgement that lapses, of reminders and of the safety clock.
    watch_at: datetime | None = instant(nullable=True)
    depart_due_at: datetime | None = instant(nullable=True)
    depart_reminded: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    remind_at: datetime | None = instant(nullable=True)
    safety_since: datetime | None = instant(nullable=True)
    safety_stage: str = Field(default="", sa_column_kwargs={"server_default": ""})
    safety_confirmed_at: datetime | None = instant(nullable=True)
    safety_confirmed_by: str | None = None
    safety_confirmed_channel: str | None = None
    diverted_to_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger)
    diverted_from_id: int | None = Field(default=None, foreign_key="assignment.id", sa_type=BigInteger)
    replaces_id: int | None = Field(default=None, foreign_key="assignment.id", sa_type=BigInteger)
    drill: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})  # grows with all that is told


class AssignmentStep(SQLModel, table=True):
    """A step an assignment took, as it was told: nothing is overwritten, an undone step stays.

    Three times: when it happened, when the desk was told, when it was entered. `milestones` are the
    instants it made known, which an undo takes back.
    """

    __tablename__ = "assignment_step"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    assignment_id: int = Field(foreign_key="assignment.id", sa_type=BigInteger, index=True)
    step: str
    from_state: str
    to_state: str
    milestones: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    happened_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInteger)
    by_name: str
    channel: str
    proxy: bool = False
    reason: str = ""
    undone_at: datetime | None = instant(nullable=True)
    undone_by: str | None = None
    undone_reason: str | None = None
