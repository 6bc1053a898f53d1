"""A clock that was set is noted, either way; what is due stays due at its instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.timekeeping.rules import STEP, Reading, step_between, step_words
from app.desk.timekeeping.watch import ClockWatch
from tests.world import RIVER, STREAM, World

NOON = datetime(2025, 6, 18, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wall", "steady", "step"),
    [
        (5, 5, None),
        (9.9, 5, None),
        (10, 5, 5),
        (425, 5, 420),
        (0, 5, -5),
        (0.1, 5, None),
        (-415, 5, -420),
        (600, 600, None),
    ],
)
def test_five_seconds_are_a_step_either_way(wall: float, steady: float, step: float | None) -> None:
    found = step_between(Reading(NOON, 100.0), Reading(NOON + wall * SECOND, 100.0 + steady))
    assert found == (None if step is None else step * SECOND)


@given(st.integers(0, 10**6), st.integers(-(10**6), 10**6))
def test_a_step_is_found_however_long_the_look_took(steady: int, by: int) -> None:
    after = Reading(NOON + (steady + by) * SECOND, float(steady))
    assert step_between(Reading(NOON, 0.0), after) == (by * SECOND if abs(by) * SECOND >= STEP else None)


def test_which_way_and_how_far_in_words() -> None:
    assert step_words(420) == ("拨快7分00秒", "7 min 00 s forward")
    assert step_words(-6.4) == ("拨慢6秒", "6 s back")


@pytest.mark.database
async def test_a_step_of_the_clock_is_noted_once_and_moves_no_due_time(world: World) -> None:
    incident = await world.incident()
    sent = await world.send(RIVER, incident.id)
    watch = ClockWatch(world.database, world.clock, STREAM)
    assert not await watch.look()
    world.later(minutes=1)
    assert not await watch.look(), "time that passes is no step"
    before = world.clock.now()
    world.clock.step(timedelta(minutes=7))
    assert await watch.look()
    assert not await watch.look(), "once"
    told = (await world.events())[-1]
    step = told["step"]
    assert (told["type"], step["by_s"], step["expected_at"]) == (
        "clock.stepped",
        420,
        before.isoformat().replace("+00:00", "Z"),
    )
    assert {one["kind"] for one in step["passed"]} == {"answer"}
    assert step["kept"] >= 1 and "因此提前到期" in told["zh"] and incident.number in told["zh"]
    rows = await world.rows("SELECT answer_due_at FROM assignment WHERE id = :id", id=sent.id)
    assert rows[0]["answer_due_at"] == sent.answer_due_at
    assert watch.health()["ok"] is False
    world.clock.step(-timedelta(minutes=7))
    assert await watch.look()
    back = (await world.events())[-1]
    assert back["step"]["by_s"] == -420 and "不再重复" in back["zh"]
    world.later(minutes=11)
    assert not await watch.look()
    assert watch.health()["ok"] is True


@pytest.mark.database
async def test_a_step_that_could_not_be_written_is_written_when_the_database_is_back(world: World) -> None:
    watch = ClockWatch(world.database, world.clock, "000000")  # no such county: the journal refuses it
    await watch.look()
    world.clock.step(timedelta(minutes=7))
    with pytest.raises(LookupError):
        await watch.look()
    assert watch.health()["ok"] is False
    watch._stream = STREAM
    world.later(minutes=1)
    assert await watch.look()
    assert [event["step"]["by_s"] for event in await world.events()] == [420]
