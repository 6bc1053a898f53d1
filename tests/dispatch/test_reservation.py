"""A team reserved for later: not shown as dispatched before its time, committed at it when it is free."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.dispatch.actions import answer, incidents
from app.dispatch.commands import StepIn
from app.dispatch.escalator import Escalator
from app.dispatch.reservation import actions
from app.dispatch.reservation.actions import AlreadyReserved, ReservationOver
from app.dispatch.reservation.facts import MoveReservationIn, ReservationFact, ReserveIn
from app.dispatch.rules.steps import IllegalStep
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.world import LIMITS, RIVER, World

pytestmark = pytest.mark.database


async def reserved(world: World, incident_id: int, hours: float = 5, by: str = "officer") -> ReservationFact:
    told = ReserveIn(team_id=RIVER, starts_at=world.clock.now() + timedelta(hours=hours), text="接班")
    return await world.do(
        lambda tx: actions.reserve(tx, world.people[by], incident_id, told, world.clock.now())
    )


async def told(world: World, **later: float) -> list[str]:
    head = await world.head()
    world.later(**later)
    await Escalator(world.database, world.clock, LIMITS).look()
    return await world.types(head)


async def test_a_unit_on_a_scheduled_call_is_not_dispatched_hours_early(world: World) -> None:
    """https://github.com/openises/TicketsCAD/issues/141 (complaint 4)."""
    incident = await world.incident()
    await reserved(world, incident.id)
    assert await world.rows("SELECT id FROM assignment") == []
    assert await told(world, hours=4) == []
    elsewhere = await world.send(RIVER)  # it is free for anything else until then
    by = world.people["officer"]
    step = StepIn(step="cancel", reason="误报")
    await world.do(lambda tx: answer.step(tx, by, elsewhere.id, step, world.clock.now()))
    assert await told(world, hours=1) == ["assignment.dispatched", "reservation.committed"]
    row = (await world.events())[-1]["reservation"]
    (made,) = await world.rows("SELECT id, text FROM assignment WHERE state = 'dispatched'")
    assert (row["assignment_id"], made["text"], row["state"]) == (made["id"], "接班", "committed")


async def test_a_team_that_is_out_at_its_time_is_told_once_and_sent_when_it_is_free(world: World) -> None:
    incident = await world.incident()
    await reserved(world, incident.id, hours=0.5)
    busy = await world.send(RIVER)
    by = world.people["officer"]
    arrive = StepIn(step="arrive", channel="radio")
    await world.do(lambda tx: answer.step(tx, by, busy.id, arrive, world.clock.now()))
    assert "reservation.blocked" in await told(world, minutes=30)
    assert await told(world, minutes=1) == []
    finish = StepIn(step="finish", channel="radio")
    await world.do(lambda tx: answer.step(tx, by, busy.id, finish, world.clock.now()))
    assert await told(world, minutes=1) == ["assignment.dispatched", "reservation.committed"]


async def test_it_is_moved_and_cancelled_with_a_reason_and_then_it_is_over(world: World) -> None:
    incident = await world.incident()
    kept = await reserved(world, incident.id)
    by = world.people["officer"]
    with pytest.raises(AlreadyReserved):
        await reserved(world, incident.id, hours=6)
    later = MoveReservationIn(starts_at=kept.starts_at + timedelta(hours=1), reason="推迟")
    moved = await world.do(lambda tx: actions.move(tx, by, kept.id, later, world.clock.now()))
    assert (moved.starts_at - kept.starts_at, moved.reason) == (timedelta(hours=1), "推迟")
    gone = await world.do(lambda tx: actions.cancel(tx, by, kept.id, "不需要了", world.clock.now()))
    assert (gone.state, gone.ended_by) == ("cancelled", "值班员甲")
    assert await told(world, hours=9) == []
    with pytest.raises(ReservationOver):
        await world.do(lambda tx: actions.cancel(tx, by, kept.id, "再来", world.clock.now()))
    listed = await world.do(lambda tx: actions.listed(tx, by, incident.id))
    assert [one.id for one in listed] == [kept.id]


async def test_an_incident_that_was_closed_lets_it_lapse(world: World) -> None:
    incident = await world.incident()
    await reserved(world, incident.id, hours=1)
    by = world.people["officer"]
    await world.do(lambda tx: incidents.close(tx, by, incident.id, "已处置", world.clock.now()))
    assert await told(world, hours=1) == ["reservation.lapsed"]
    with pytest.raises(IllegalStep):
        await reserved(world, incident.id)


async def test_it_lies_ahead_and_within_ones_scope(world: World) -> None:
    incident = await world.incident()
    for hours in (-1, 24 * 40):
        with pytest.raises(InvalidInput):
            await reserved(world, incident.id, hours=hours)
    for by, refusal in (("crew", NotPermitted), ("west", NotFound)):
        with pytest.raises(refusal):
            await reserved(world, incident.id, by=by)
        with pytest.raises(NotFound):
            await world.do(
                lambda tx, by=by: actions.listed(tx, world.people[by], incident.id)  # type: ignore[misc]
            )
