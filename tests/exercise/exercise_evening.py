"""Everything that can happen to drills and to closed loops, brought about once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.exercise.actions import evaluating, injecting, planning, running
from app.exercise.commands import (
    DrillEditIn,
    DrillIn,
    DrillStepIn,
    DrillVoiceIn,
    EvaluationIn,
    ImprovementIn,
    InjectStepIn,
)
from app.task import actions as tasks
from app.task.commands import LoopIn, TaskStepIn
from tests.world import EAST_BANK, STREAM, TRUCK, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
SCRIPT = f"""
code: D-01
name: 夜间点检
kind: flood
injects:
  - {{id: call, at: 1:00, kind: call, title: 来电, region: "{EAST_BANK}", target_s: 60}}
  - {{id: sos, kind: sos, family: jt808, device: "{TRUCK}", title: 求救, target_s: 60}}
"""


async def exercise_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of drills and tasks."""
    leader, lead, now = world.people["leader"], world.people["lead"], world.clock.now()
    told = DrillIn(source=SCRIPT, planned_at=now)
    called_off = await do(lambda tx: planning.plan(tx, leader, told, now, ZONE))
    why = DrillStepIn(step="cancel", reason="改期")
    await do(lambda tx: running.step(tx, leader, called_off.id, why, now, ZONE))
    drill = (await do(lambda tx: planning.plan(tx, leader, told, now, ZONE))).id
    await do(lambda tx: planning.edit(tx, leader, drill, DrillEditIn(**told.model_dump(), revision=1), now))
    await do(lambda tx: planning.let_sound(tx, lead, drill, DrillVoiceIn(reason="试响"), now))
    for step in ("start", "pause", "resume"):
        told_step = DrillStepIn(step=step)
        await do(lambda tx, one=told_step: running.step(tx, leader, drill, one, now, ZONE))  # type: ignore[misc]
    control = await do(lambda tx: evaluating.control(tx, leader, drill, now))
    fire = InjectStepIn(step="fire")
    for one in control.injects:
        await do(lambda tx, one=one: injecting.move(tx, leader, drill, one.id, fire, now))  # type: ignore[misc]
    await do(lambda tx: running.step(tx, leader, drill, DrillStepIn(step="finish"), now, ZONE))
    better = EvaluationIn(improvements=[ImprovementIn(title="补油", owner="后勤")])
    await do(lambda tx: evaluating.evaluate(tx, leader, drill, better, now))
    (task,) = await world.rows("SELECT id FROM task")
    await do(lambda tx: tasks.step(tx, leader, task["id"], TaskStepIn(step="fix", revision=1), now))
    (unit,) = await world.rows("SELECT id FROM org_unit ORDER BY id LIMIT 1")
    whistle = LoopIn(kind="whistle", title="燃气味", region_code=EAST_BANK, units=[unit["id"]])
    long_ago = now - timedelta(days=2)
    called = await do(lambda tx: tasks.find(tx, leader, whistle, long_ago))
    await do(lambda tx: tasks.overdue(tx, STREAM, called.id, now))
