"""Drills on the wire. What everybody of the desk may read, and what only those who control a drill may."""

from __future__ import annotations

from datetime import datetime

from app.exercise.rules.clock import DrillState, InjectState
from app.exercise.rules.script import DrillKind, InjectIn
from app.wire import Fact


class DrillMemberFact(Fact):
    """Somebody who directs, controls or judges a drill."""

    account_id: int
    name: str
    role: str


class DrillPartyFact(Fact):
    """Who takes part in a drill or looks on: person:7, account:3, post:1, unit:2, team:4, place:990181100."""

    key: str
    name: str


class DrillFact(Fact):
    """A drill as everybody of the desk sees it: nothing of what is still to come.

    No `participants`: the whole county takes part. `takes_part`: whether the reader does, or looks on.
    """

    id: int
    number: str
    code: str
    name: str
    kind: DrillKind
    no_script: bool
    purpose: str
    state: DrillState
    revision: int
    planned_at: datetime
    minutes: int
    started_at: datetime | None
    paused_at: datetime | None
    pause_reason: str
    ended_at: datetime | None
    live_voice: bool
    live_voice_by: str | None
    director: str
    evaluated_at: datetime | None
    fired: int = 0
    mine: bool = False
    participants: list[DrillPartyFact] = []
    observers: list[DrillPartyFact] = []
    takes_part: bool = True


class DrillCount(Fact):
    """How many drills of a kind were finished in a year, and how many of them were unscripted."""

    year: int
    kind: DrillKind
    finished: int
    no_script: int


class DrillBoard(Fact):
    """The drills, the latest first, and the counters by year and kind; `wanted` a year of each county."""

    drills: list[DrillFact]
    counts: list[DrillCount]
    wanted: int
    year: int


class InjectFact(Fact):
    """One inject as the controllers see it. `took_s` grows until it is done; `worth` None: still open."""

    id: int
    ordinal: int
    key: str
    spec: InjectIn
    state: InjectState
    due_at: datetime | None
    fired_at: datetime | None
    moved_by: str
    done_at: datetime | None
    done_by: str
    took_s: int | None
    worth: int | None
    points: int | None
    remark: str
    notice_id: int | None
    alarm_id: int | None
    incident_id: int | None
    incident_number: str | None


class DrillControl(Fact):
    """A drill as its controllers see it: every inject, whatever is hidden, and the sum of the points."""

    drill: DrillFact
    source: str
    members: list[DrillMemberFact]
    injects: list[InjectFact]
    summary: str
    points: int
    possible: int
    at: datetime
