"""Reporting (信息报送) on the wire: what is due with its reason, what was late, what is known."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.facts import ReportKind, ReportNode
from app.wire import Fact

ReportMeans = Literal["phone", "written", "system"]
ReportState = Literal["running", "amber", "red", "late", "done", "done_late", "dropped"]
ReportingFactKind = Literal[
    "level",
    "sensitive",
    "key_facility",
    "ended",
    "reopened",
    "learned",
    "received",
    "figure",
    "flag",
    "happening",
    "milestone",
    "scope",
    "evidence",
]


class ReportRuleFact(Fact):
    """Another rule that asks for the same report, and its later due."""

    rule_id: str
    profile: str
    mark: str
    due_at: datetime


class ReportCapFact(Fact):
    """A statutory limit that had passed before the node could report; `node` was late below it."""

    rule_id: str
    profile: str
    cap_at: datetime
    node: ReportNode | None
    late_minutes: int


class ReportWhyFact(Fact):
    """Why a report is due when it is: a sentence in each language, the limit in words, what lost to it."""

    zh: str
    en: str
    limit_zh: str
    limit_en: str
    losers: list[ReportRuleFact] = []
    cap: ReportCapFact | None = None
    skip_allowed: bool = False


class ReportLateFact(Fact):
    """迟报, never deleted: `kind` late says by how many started minutes, reason says why."""

    id: int
    kind: Literal["late", "reason"]
    due_at: datetime
    done_at: datetime | None
    minutes: int
    rule_id: str
    reason: str
    noted_at: datetime
    noted_by: str


class ReportDueFact(Fact):
    """A report that one node owes another.

    `state` as of `at`: running, amber from half of the time, red from four fifths, late after `due_at`.
    `begins_at` … `due_at` is the time there is. `seconds_left` is negative once it is late, None when it is
    done. `disputed`: a late flag stands that a later correction of the facts contradicts.
    """

    id: int
    incident_id: int
    incident_number: str
    incident_title: str
    sender: ReportNode
    receiver: ReportNode
    channel: ReportMeans
    kind: ReportKind
    round: int
    begins_at: datetime
    due_at: datetime
    rule_id: str
    profile: str
    mark: str
    grade: str
    anchor: str
    anchor_at: datetime
    applied: str
    rules_version: str
    why: ReportWhyFact
    state: ReportState
    at: datetime
    seconds_left: int | None
    done_at: datetime | None
    done_version: int | None
    late_minutes: int
    flagged: bool
    disputed: bool
    late: list[ReportLateFact] = []


class ReportKnownFact(Fact):
    """One fact the deadlines hang on, as entered; `holds` False: corrected by a later one."""

    id: int
    kind: ReportingFactKind
    name: str
    at: datetime | None
    value: float | None
    corrects_id: int | None
    corrected_at: datetime | None
    reason: str
    evidence: str
    entered_at: datetime
    entered_by: str
    holds: bool


class IncidentReporting(Fact):
    """All of one incident's reporting: dues (the earliest first, open before done) and what is known.

    `scopes` are those the rules in force know, to which an incident may be added.
    """

    incident_id: int
    incident_number: str
    rules_version: str
    profiles: list[str]
    scopes: list[str]
    dues: list[ReportDueFact]
    known: list[ReportKnownFact]
