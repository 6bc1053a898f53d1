"""What the controllers see, and the evaluation: measured seconds, points, what is to be improved."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.exercise.actions.injecting import came_of, due_of, spec_of
from app.exercise.actions.permission import for_control
from app.exercise.actions.planning import tell
from app.exercise.commands import EvaluationIn
from app.exercise.facts import DrillControl, InjectFact
from app.exercise.refusals import DrillMoved
from app.exercise.rules.clock import took_s, worth
from app.exercise.store import drills, injects
from app.exercise.tables import Drill
from app.org.rules.access import Viewer
from app.task import actions as tasks
from app.task.commands import LoopIn

SOURCE = "drill"


async def control(tx: Tx, by: Viewer, drill_id: int, now: datetime) -> DrillControl:
    """Return a drill as its controllers see it. Raises NotFound for everybody else."""
    row = await for_control(tx, by, drill_id)
    facts = await _injects(tx, row, now)
    return DrillControl(
        drill=await drills.fact(tx, drill_id, by),
        source=row.source,
        members=await drills.members(tx, drill_id),
        injects=facts,
        summary=row.summary,
        points=sum(_points(one) or 0 for one in facts),
        possible=sum(one.spec.points for one in facts if one.fired_at is not None),
        at=now,
    )


async def evaluate(tx: Tx, by: Viewer, drill_id: int, told: EvaluationIn, now: datetime) -> DrillControl:
    """Write the evaluation of a finished drill; what is to be improved becomes tasks of the closed loop.

    Raises DrillMoved before its end, NotFound, InvalidInput.
    """
    row = await for_control(tx, by, drill_id)
    if row.state != "finished":
        raise DrillMoved(row.state)
    county = row.stream.ljust(12, "0")
    wanted = [LoopIn(kind="improvement", region_code=county, **one.model_dump()) for one in told.improvements]
    source = tasks.Source(SOURCE, row.id, f"{row.number} {row.name}")
    _, entries = await tasks.found(tx, by, wanted, now, source)
    row.summary = told.summary or row.summary
    row.evaluated_by, row.evaluated_at, row.revision = by.name, now, row.revision + 1
    await tell(tx, by, row, "drill.evaluated", now, before=entries)
    return await control(tx, by, drill_id, now)


def _points(one: InjectFact) -> int | None:
    return one.points if one.points is not None else one.worth


async def _injects(tx: Tx, row: Drill, now: datetime) -> list[InjectFact]:
    rows, grown = await injects.of_drill(tx, row.id or 0), await injects.grown(tx, row.id or 0)
    came = {one.key: came_of(one, grown.get(one.id or 0)) for one in rows}
    over = row.state in ("finished", "cancelled")
    until = row.ended_at or row.paused_at or now
    facts = []
    for one in rows:
        spec, known, more = spec_of(one), came[one.key], grown.get(one.id or 0)
        facts.append(
            InjectFact(
                **one.model_dump(exclude={"drill_id", "spec", "done_at"}),
                spec=spec,
                due_at=due_of(row, one, came),
                done_at=known.done_at,
                took_s=took_s(known, until),
                worth=worth(spec.points, spec.target_s, known, over=over),
                incident_id=more.incident_id if more else None,
                incident_number=more.incident_number if more else None,
            )
        )
    return facts
