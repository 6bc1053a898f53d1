"""Write the after-action report of an incident: nobody fills it in, all of it stands in the rows."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.desk.after_action import store
from app.desk.after_action.facts import AfterAction, SpanFact, TeamRoadFact
from app.desk.after_action.rules import SPANS, Road, earlier_spans, quicker_than, spans_of
from app.desk.timeline import Timeline, timeline
from app.dispatch.kpi.facts import AssignmentTimesOut, SpreadOut
from app.dispatch.kpi.report import times_of_incident
from app.dispatch.kpi.rules import grade, mean, percentile
from app.dispatch.settings import DispatchRules
from app.org.rules.access import Viewer
from app.reporting.actions.seen import of_incident
from app.reporting.settings import Reporting


async def after_action(
    tx: Tx, by: Viewer, incident_id: int, rules: DispatchRules, policy: Reporting, now: datetime
) -> AfterAction:
    """Return the report of an incident this person may see, open or closed. Raises NotFound."""
    story = await timeline(tx, by, incident_id)
    teams = await times_of_incident(tx, by, incident_id, rules)
    reporting = await of_incident(tx, by, policy, incident_id, now)
    incident = story.incident
    before = await store.earlier(
        tx, by, incident_id, incident.event_scheme, incident.event_code, incident.received_at
    )
    targets = {"answer": int(rules.ladder.answer.total_seconds()), "turnout": _turnout_of(teams)}
    return AfterAction(
        incident=incident,
        made_at=now,
        made_by=by.name,
        milestones=story.milestones,
        spans=_spans(_road(story), before, targets),
        compared=len(before),
        roads=[
            TeamRoadFact(**{name: getattr(team, name) for name in TeamRoadFact.model_fields})
            for team in story.teams
        ],
        teams=teams,
        reports=sorted(reporting.dues, key=lambda due: (due.due_at, due.id)),
        messages=await store.messages(tx, incident_id),
        unanswered=[team.team_name for team in story.teams if team.acknowledged_at is None],
    )


def _road(story: Timeline) -> Road:
    reached = {one.name: one.at for one in story.milestones}
    departed = [team.en_route_at for team in story.teams if team.en_route_at is not None]
    ended = [team.task_done_at for team in story.teams if team.task_done_at is not None]
    return Road(
        heard=reached["heard"],
        assigned=reached["assigned"],
        acknowledged=reached["acknowledged"],
        en_route=min(departed, default=None),
        on_scene=reached["on_scene"],
        done=max(ended, default=None),
        closed=reached["closed"],
    )


def _turnout_of(teams: list[AssignmentTimesOut]) -> int | None:
    """Return the strictest turnout target of the teams that have one."""
    return min((team.turnout_target_s for team in teams if team.turnout_target_s is not None), default=None)


def _spans(road: Road, before: list[Road], targets: dict[str, int | None]) -> list[SpanFact]:
    mine, theirs = spans_of(road), earlier_spans(before)
    return [
        SpanFact(
            name=name,
            zh=zh,
            en=en,
            seconds=mine[name],
            target_s=targets.get(name),
            grade=grade(mine[name], targets.get(name)),
            earlier=SpreadOut(
                measured=len(theirs[name]),
                mean_s=mean(theirs[name]),
                p50_s=percentile(theirs[name], 0.5),
                p90_s=percentile(theirs[name], 0.9),
            ),
            quicker_than=quicker_than(mine[name], theirs[name]),
        )
        for name, zh, en, *_ in SPANS
    ]
