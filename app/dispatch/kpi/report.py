"""The times of an incident and of a month, computed from the rows when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.kpi import store
from app.dispatch.kpi.facts import AssignmentTimesOut, ReactionOut, ReactionRowOut, SpreadOut
from app.dispatch.kpi.rules import busy_s, grade, grade_of_share, in_time, mean, percentile, times
from app.dispatch.kpi.store import Run
from app.dispatch.settings import DispatchRules
from app.dispatch.store import incidents
from app.org.rules.access import Viewer, may_see, require
from app.refusals import NotFound


async def times_of_incident(
    tx: Tx, by: Viewer, incident_id: int, rules: DispatchRules
) -> list[AssignmentTimesOut]:
    """Return the spans of every assignment of an incident. Raises NotFound."""
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    limit = int(rules.ladder.answer.total_seconds())
    return [_of(run, limit) for run in await store.of_incident(tx, by.stream, incident_id)]


def _of(run: Run, answer_target_s: int) -> AssignmentTimesOut:
    spans, target = times(run.milestones), run.terms.turnout_s
    return AssignmentTimesOut(
        assignment_id=run.assignment_id,
        team_id=run.team_id,
        team_name=run.team_name,
        answer_s=spans.answer,
        answer_target_s=answer_target_s,
        answer_grade=grade(spans.answer, answer_target_s),
        turnout_s=spans.turnout,
        turnout_target_s=target,
        turnout_grade=grade(spans.turnout, target),
        travel_s=spans.travel,
        response_s=spans.response,
        scene_s=spans.scene,
        back_s=spans.back,
        total_s=spans.total,
    )


async def reaction_times(
    tx: Tx,
    by: Viewer,
    month: str,
    grouped: Literal["team", "township"],
    now: datetime,
    rules: DispatchRules,
    zone: ZoneInfo,
) -> ReactionOut:
    """Return the reaction times of a month ("2025-06", by the county's clock) of the teams of one's scope.

    Raises NotPermitted.
    """
    require(by, "see_desk")
    year, number = int(month[:4]), int(month[5:])
    first = datetime(year, number, 1, tzinfo=zone)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    runs = await store.of_span(tx, by, first, after)
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(str(run.team_id) if grouped == "team" else run.place, []).append(run)
    span = (first, min(after, max(now, first)))
    limit = int(rules.ladder.answer.total_seconds())
    rows = [_row("", "", runs, span, limit)] if runs else []
    for key, theirs in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        name = theirs[0].team_name if grouped == "team" else theirs[0].place_name
        rows.append(_row(key, name, theirs, span, limit))
    return ReactionOut(month=month, by=grouped, rows=rows)


def _row(
    key: str, name: str, runs: Sequence[Run], span: tuple[datetime, datetime], answer_target_s: int
) -> ReactionRowOut:
    spans = [times(run.milestones) for run in runs]
    answered = in_time((one.answer, answer_target_s) for one in spans)
    turned = in_time((one.turnout, run.terms.turnout_s) for one, run in zip(spans, runs, strict=True))
    return ReactionRowOut(
        key=key,
        name=name,
        orders=len(runs),
        answer=_spread(one.answer for one in spans),
        turnout=_spread(one.turnout for one in spans),
        response=_spread(one.response for one in spans),
        scene=_spread(one.scene for one in spans),
        answer_in_time=answered,
        answer_grade=grade_of_share(answered),
        turnout_in_time=turned,
        turnout_grade=grade_of_share(turned),
        busy_s=_busy(runs, span),
    )


def _spread(values: Iterable[int | None]) -> SpreadOut:
    known = [value for value in values if value is not None]
    return SpreadOut(
        measured=len(known), mean_s=mean(known), p50_s=percentile(known, 0.5), p90_s=percentile(known, 0.9)
    )


def _busy(runs: Sequence[Run], span: tuple[datetime, datetime]) -> int:
    teams: dict[int, list[tuple[datetime, datetime]]] = {}
    for run in runs:
        out = (run.milestones.assigned_at, run.milestones.ended_at or span[1])
        teams.setdefault(run.team_id, []).append(out)
    return sum(busy_s(spans, *span) for spans in teams.values())
