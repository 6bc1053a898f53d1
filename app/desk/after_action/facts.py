"""An after-action report on the wire."""

from __future__ import annotations

from datetime import datetime

from app.desk.timeline import Milestone
from app.dispatch.facts import IncidentFact
from app.dispatch.kpi.facts import AssignmentTimesOut, SpreadOut, TimeGrade
from app.reporting.facts import ReportDueFact
from app.wire import Fact


class SpanFact(Fact):
    """One span of the main road in seconds, beside its target and the same span of earlier incidents.

    `quicker_than`: the share of the earlier ones that took longer, None without any to compare with.
    """

    name: str
    zh: str
    en: str
    seconds: int | None
    target_s: int | None
    grade: TimeGrade | None
    earlier: SpreadOut
    quicker_than: float | None


class TeamRoadFact(Fact):
    """What one team did and when, for the chart: a milestone that is missing is None."""

    team_name: str
    state: str
    assigned_at: datetime
    acknowledged_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    task_done_at: datetime | None


class MessagesFact(Fact):
    """How the incident's messages to teams went, by channel."""

    channel: str
    sent: int
    delivered: int
    failed: int


class AfterAction(Fact):
    """The whole report. `compared` earlier closed incidents of the same family within three years."""

    incident: IncidentFact
    made_at: datetime
    made_by: str
    milestones: list[Milestone]
    spans: list[SpanFact]
    compared: int
    roads: list[TeamRoadFact]
    teams: list[AssignmentTimesOut]
    reports: list[ReportDueFact]
    messages: list[MessagesFact]
    unanswered: list[str]
