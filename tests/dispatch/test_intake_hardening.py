"""Calls that meet a judgement, an old memory or another call: none is lost, none leaks, none is doubled."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.dispatch.actions import alarms, escalate, incidents, intake
from app.dispatch.actions.rungs import take
from app.dispatch.commands import AlarmConfirmIn, IncidentPatch
from app.dispatch.escalator import Escalator
from app.dispatch.rules.distress import is_newer_place, is_of_the_settled
from app.dispatch.tables import HeardSignal
from app.signals import Distress, Fix
from tests.dispatch.test_intake import alarm_rows, call, confirm, dismiss
from tests.world import HILL, LIMITS, LONE_CARD, OPEN_KIND, RIVER, SECRET_KIND, ZONE, World

NOW = datetime.fromisoformat("2025-06-17T18:13:20+00:00")
MINUTE = timedelta(minutes=1)


async def hear(world: World, *calls: Distress) -> int:
    device = await world.device(LONE_CARD)
    return await world.do(lambda tx: intake.hear_calls(tx, device, calls, b"raw", world.clock.now()))


async def waits(task: asyncio.Task[Any]) -> bool:
    await asyncio.sleep(0.15)
    return not task.done()


@pytest.mark.database
async def test_a_call_that_meets_a_confirmation_into_a_secret_kind_is_told_only_to_those_who_may_know(
    world: World,
) -> None:
    alarm_id = await call(world, "1")
    told = AlarmConfirmIn(event_code=SECRET_KIND)
    async with world.database.transaction() as tx:
        await alarms.confirm(tx, world.people["officer"], alarm_id, told, world.clock.now(), ZONE)
        head = await world.head()
        calling = asyncio.create_task(call(world, "2"))
        assert await waits(calling)
    assert await asyncio.wait_for(calling, 5) == alarm_id
    rows = await world.rows("SELECT type, restricted FROM journal WHERE seq > :head ORDER BY seq", head=head)
    assert rows[-1] == {"type": "alarm.repeated", "restricted": True}
    last = (await world.events())[-1]["alarm"]
    assert (last["state"], last["count"]) == ("confirmed", 2)


@pytest.mark.database
async def test_a_call_that_meets_an_amendment_to_a_secret_kind_is_told_only_to_those_who_may_know(
    world: World,
) -> None:
    incident_id = await confirm(world, await call(world, "1"), event_code=OPEN_KIND)
    patch = IncidentPatch(version=1, event_code=SECRET_KIND, reason="核实后改")
    async with world.database.transaction() as tx:
        await incidents.amend(tx, world.people["officer"], incident_id, patch, world.clock.now())
        calling = asyncio.create_task(call(world, "2"))
        assert await waits(calling)
    await asyncio.wait_for(calling, 5)
    (row,) = await world.rows("SELECT type, restricted FROM journal ORDER BY seq DESC LIMIT 1")
    assert row == {"type": "alarm.repeated", "restricted": True}


@pytest.mark.database
async def test_a_new_call_in_the_instant_of_a_dismissal_is_a_new_alarm(world: World) -> None:
    first = await call(world, "1")
    async with world.database.transaction() as tx:
        await alarms.dismiss(tx, world.people["officer"], first, "误触", world.clock.now())
        calling = asyncio.create_task(call(world, "2"))
        assert await waits(calling)
    assert await asyncio.wait_for(calling, 5) != first
    assert (await world.types())[-2:] == ["alarm.dismissed", "alarm.raised"]


@pytest.mark.database
async def test_a_new_call_in_the_instant_of_a_closing_is_a_new_alarm(world: World) -> None:
    first = await call(world, "1")
    incident_id = await confirm(world, first)
    async with world.database.transaction() as tx:
        await incidents.close(tx, world.people["officer"], incident_id, "已处置", world.clock.now())
        calling = asyncio.create_task(call(world, "2"))
        assert await waits(calling)
    assert await asyncio.wait_for(calling, 5) != first


@pytest.mark.database
async def test_a_dismissal_that_meets_a_call_waits_for_it_and_counts_it(world: World) -> None:
    alarm_id = await call(world, "1")
    device = await world.device(LONE_CARD)
    async with world.database.transaction() as tx:
        await intake.hear_distress(tx, device, Distress("2"), b"raw", world.clock.now())
        dismissing = asyncio.create_task(dismiss(world, alarm_id))
        assert await waits(dismissing)
    await asyncio.wait_for(dismissing, 5)
    assert (await world.events())[-1]["alarm"]["count"] == 2


@pytest.mark.database
async def test_calls_and_judgements_at_once_do_not_stop_each_other(world: World) -> None:
    for round_ in range(8):
        alarm_id = await call(world, f"{round_}-first")
        await asyncio.wait_for(
            asyncio.gather(
                *(call(world, f"{round_}-{number}") for number in range(4)), dismiss(world, alarm_id)
            ),
            20,
        )
        for row in await alarm_rows(world):
            if row["state"] == "open":
                await dismiss(world, row["id"])
    heard = (await world.rows("SELECT count(*) AS n FROM heard_signal WHERE alarm_id IS NOT NULL"))[0]["n"]
    assert heard == 8 * 5


@pytest.mark.database
async def test_the_calls_of_one_batch_are_one_counting_and_one_line_of_the_journal(world: World) -> None:
    at = world.clock.now()
    batch = [Distress(str(n), at + n * MINUTE, Fix(118 + n / 10, 28.5, at + n * MINUTE)) for n in range(5)]
    world.later(minutes=6)
    await hear(world, *batch)
    (event,) = await world.events()
    assert (event["type"], event["alarm"]["count"], event["alarm"]["lon"]) == ("alarm.raised", 5, 118.4)
    await hear(world, *(Distress(f"b{n}", world.clock.now()) for n in range(5)))
    assert await world.types() == ["alarm.raised", "alarm.repeated"]
    assert (await world.events())[-1]["alarm"]["count"] == 10


def test_counting_calls_reads_no_texts() -> None:
    indexes = {index.name: index for index in HeardSignal.__table__.indexes}  # type: ignore[attr-defined]
    assert [column.name for column in indexes["heard_signal_calls"].columns] == ["alarm_id"]


@pytest.mark.database
async def test_an_old_call_out_of_a_terminals_memory_does_not_move_a_live_alarm(world: World) -> None:
    at = world.clock.now()
    await hear(world, Distress("1", at, Fix(118.2, 28.5, at)))
    old = at - 20 * MINUTE
    await hear(world, Distress("2", old, Fix(117.0, 28.5, old)))
    assert (await world.events())[-1]["alarm"]["lon"] == 118.2
    world.later(minutes=1)
    await hear(world, Distress("3", world.clock.now(), Fix(118.3, 28.5, world.clock.now())))
    assert (await world.events())[-1]["alarm"]["lon"] == 118.3
    await hear(world, Distress("4", None, Fix(118.4, 28.5)))  # a handset without a clock: it is there now
    last = (await world.events())[-1]["alarm"]
    assert (last["lon"], last["count"]) == (118.4, 4)


@pytest.mark.database
async def test_a_call_sent_before_the_judgement_and_heard_after_it_is_a_copy(world: World) -> None:
    at = world.clock.now()
    first = await hear(world, Distress("1", at))
    world.later(minutes=10)
    await dismiss(world, first)
    head = await world.head()
    world.later(minutes=20)
    assert await hear(world, *(Distress(f"b{n}", at + n * MINUTE) for n in range(5))) == first
    assert await hear(world, Distress("c", at + 6 * MINUTE)) == first
    assert await world.types(head) == []
    assert len(await world.rows("SELECT id FROM heard_signal")) == 7
    assert await hear(world, Distress("d", at + 11 * MINUTE)) != first  # pressed after the judgement


@pytest.mark.database
async def test_a_call_of_a_slow_clock_is_no_copy(world: World) -> None:
    """An hour behind: every call of this device seems older than the judgement on the last one."""
    slow = timedelta(hours=1)
    first = await hear(world, Distress("1", world.clock.now() - slow))
    world.later(minutes=1)
    await dismiss(world, first)
    world.later(minutes=1)
    assert await hear(world, Distress("2", world.clock.now() - slow)) != first


def test_around_the_judgement_the_caller_has_the_benefit_of_the_doubt() -> None:
    assert is_of_the_settled(NOW - MINUTE, timedelta(), NOW)
    assert not is_of_the_settled(NOW - timedelta(seconds=20), timedelta(), NOW)
    assert not is_of_the_settled(NOW - MINUTE, MINUTE, NOW)
    assert not is_of_the_settled(NOW + MINUTE, -3 * MINUTE, NOW)  # a fast clock is not put right


@pytest.mark.parametrize(
    ("fixed_at", "held_at", "held", "newer"),
    [
        (NOW - MINUTE, NOW, False, True),
        (NOW - MINUTE, None, True, True),
        (NOW - MINUTE, NOW, True, False),
        (NOW, NOW - MINUTE, True, True),
        (None, NOW, True, True),
        (NOW, NOW + timedelta(days=900), True, True),
    ],
)
def test_only_a_newer_place_replaces_the_alarms(
    fixed_at: datetime | None, held_at: datetime | None, held: bool, newer: bool
) -> None:
    assert is_newer_place(fixed_at, held_at, held=held, now=NOW) is newer


@pytest.mark.database
async def test_an_escalation_that_always_fails_does_not_starve_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = await world.send(HILL)
    await world.send(RIVER)

    async def stumble(tx: Any, incident: Any, assignment: Any, *rest: Any) -> None:
        if assignment.team_id == HILL:
            raise RuntimeError("a fault of ours")
        await take(tx, incident, assignment, *rest)

    monkeypatch.setattr(escalate, "take", stumble)
    watch = Escalator(world.database, world.clock, LIMITS)
    world.later(minutes=3)
    with capture_logs() as logged:
        assert await watch.look() == 1
        assert await watch.look() == 0
    assert [(line["event"], line["assignment"]) for line in logged] == [("escalation_stuck", stuck.id)]
    monkeypatch.undo()
    world.later(seconds=30)
    assert await watch.look() == 1
    assert (await world.events())[-1]["assignment"]["id"] == stuck.id
