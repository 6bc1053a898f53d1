"""The part of the evening that brings every event of the life of incidents and of command bodies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.dispatch.actions import incidents
from app.dispatch.command_body.actions import command, register
from app.dispatch.command_body.commands import (
    ActivateIn,
    CommandBodyAmendIn,
    CommandBodyIn,
    CommandHolderIn,
    HandOverCommandIn,
    StandDownIn,
)
from app.dispatch.escalator import Escalator
from app.dispatch.lifecycle.actions import links, merge, schedule, split
from app.dispatch.lifecycle.commands import IncidentSplitIn, LinkIn, MergeIn, PlannedIncidentIn, RescheduleIn
from tests.world import EAST_BANK, FOREST, LIMITS, OPEN_KIND, WEST_LAKE, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def lifecycle_evening(world: World, do: Do, check: Callable[[str], Awaitable[None]]) -> None:
    """Merge, take back, split, tie, untie, plan, begin, reopen; let a headquarters command and stand down."""
    by, lead, now = world.people["officer"], world.people["lead"], world.clock.now
    first, second = await world.incident(region_code=WEST_LAKE), await world.incident()
    sent = await world.send(FOREST, first.id)
    told = MergeIn(into_id=second.id, reason="同一起")
    await do(lambda tx: merge.merge(tx, by, first.id, told, now()))
    (tie,) = await world.rows("SELECT id FROM incident_link")
    await do(lambda tx: merge.undo_merge(tx, by, tie["id"], "并错", now()))
    await do(lambda tx: merge.merge(tx, by, first.id, told, now()))
    apart = IncidentSplitIn(title="西湖另一起", assignment_ids=[sent.id], reason="实为两起")
    new = await do(lambda tx: split.split(tx, by, second.id, apart, now(), ZONE))
    child = LinkIn(kind="child", other_id=second.id, reason="次生")
    (tied, *_) = await do(lambda tx: links.link(tx, by, new.id, child, now()))
    await do(lambda tx: links.unlink(tx, by, tied.id, "不相干", now()))
    await _plans(world, do, check)
    done = await world.incident()
    await do(lambda tx: incidents.close(tx, by, done.id, "已处置", now()))
    await do(lambda tx: schedule.reopen(tx, lead, done.id, "复燃", now()))
    await _command(world, do, second.id)


async def _plans(world: World, do: Do, check: Callable[[str], Awaitable[None]]) -> None:
    by, now, zone = world.people["officer"], world.clock.now, ZONE
    for title in ("庙会", "龙舟赛"):
        told = PlannedIncidentIn(
            event_code=OPEN_KIND,
            region_code=EAST_BANK,
            title=title,
            scheduled_for=now() + timedelta(minutes=5),
        )
        planned = await do(lambda tx, told=told: schedule.plan(tx, by, told, now(), zone))  # type: ignore[misc]
    later = RescheduleIn(scheduled_for=now() + timedelta(minutes=9), reason="推迟")
    await do(lambda tx: schedule.reschedule(tx, by, planned.id, later, now(), zone))
    await do(lambda tx: schedule.call_off(tx, by, planned.id, "停办", now()))
    world.later(minutes=6)
    await Escalator(world.database, world.clock, LIMITS).look()
    await check("a planned incident begins")


async def _command(world: World, do: Do, incident_id: int) -> None:
    by, lead, now = world.people["officer"], world.people["lead"], world.clock.now
    told = CommandBodyIn(
        name_zh="安全生产专项指挥部",
        hazards=["12"],
        posts=[CommandHolderIn(post="commander", person_id=1)],
        member_unit_ids=[1],
    )
    body = await do(lambda tx: register.register(tx, lead, told, now()))
    amended = CommandBodyAmendIn(**told.model_dump(), version=body.version)
    await do(lambda tx: register.amend(tx, lead, body.id, amended, now()))
    active = await do(
        lambda tx: command.activate(tx, by, incident_id, ActivateIn(body_id=body.id, reason="较大"), now())
    )
    second = HandOverCommandIn(holder=CommandHolderIn(post="commander", name="副市长"), reason="到场接替")
    await do(lambda tx: command.hand_over(tx, by, active.id, second, now()))
    await do(lambda tx: command.stand_down(tx, by, active.id, StandDownIn(reason="处置完毕"), now()))
    await do(lambda tx: register.retire(tx, lead, body.id, now()))
