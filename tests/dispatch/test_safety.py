"""The safety clock of teams on scene: the cases of other systems' tests (field.md D13, D16) and ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.actions import answer, intake, watch
from app.dispatch.commands import StepIn
from app.dispatch.escalator import Escalator
from app.dispatch.rules.safety import limits, next_look, stage_at
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.terms import TermsFact
from app.refusals import NotFound
from app.signals import Text
from tests.world import LIMITS, TRUCK, World

AT = datetime(2025, 6, 17, 10, 0, tzinfo=UTC)
HALF_HOUR = TermsFact(safety_every_s=1800, safety_warn_s=300, safety_leader_s=300)


@pytest.mark.parametrize(
    ("elapsed", "stage"),
    [(0, "running"), (24.9, "running"), (27, "warning"), (32, "critical"), (35, "leader")],
)
def test_d13_thirty_minutes_with_five_of_warning(elapsed: float, stage: str) -> None:
    assert stage_at(AT, AT + timedelta(minutes=elapsed), HALF_HOUR) == stage


def test_d16_two_teams_with_a_cadence_of_twenty() -> None:
    twenty = TermsFact(safety_every_s=1200)
    first, second = AT.replace(minute=8), AT.replace(minute=15)
    due = {name: since + limits(twenty)[2] for name, since in (("TA", first), ("TC", second))}
    assert min(due, key=due.__getitem__) == "TA"
    assert due["TA"] == AT.replace(minute=28)
    due["TA"] = AT.replace(minute=30) + limits(twenty)[2]
    assert (min(due, key=due.__getitem__), min(due.values())) == ("TC", AT.replace(minute=35))


@given(st.integers(60, 7200), st.integers(0, 59), st.integers(1, 3600))
def test_the_looks_walk_through_every_stage_once(every: int, warn: int, leader: int) -> None:
    terms = TermsFact(safety_every_s=every, safety_warn_s=warn, safety_leader_s=leader)
    stage, seen = "running", []
    while (at := next_look(AT, stage, terms)) is not None:
        stage = stage_at(AT, at, terms)
        seen.append(stage)
    assert seen[-1] == "leader"
    assert seen == sorted(set(seen), key=("warning", "critical", "leader").index)


async def on_scene(world: World) -> int:
    sent = await world.send()
    await step(world, sent.id, "arrive")
    return sent.id


async def step(world: World, id_: int, name: str) -> None:
    told = StepIn(step=name, channel="radio")
    by = world.people["officer"]
    await world.do(lambda tx: answer.step(tx, by, id_, told, world.clock.now()))


async def told(world: World, minutes: float) -> list[str]:
    head = await world.head()
    world.later(minutes=minutes)
    await Escalator(world.database, world.clock, LIMITS).look()
    return await world.types(head)


@pytest.mark.database
async def test_a_clock_nobody_cares_for_warns_then_is_critical_then_calls_the_leader(world: World) -> None:
    await on_scene(world)
    assert await told(world, 24) == []
    assert await told(world, 3) == ["assignment.safety_warning"]
    assert await told(world, 4) == ["assignment.safety_critical"]
    assert await told(world, 5) == ["assignment.safety_leader"]
    last = (await world.events())[-1]["assignment"]
    assert last["leader_alerted_at"] is not None
    assert [one["name"] for one in last["called"]] == ["带班领导"]
    assert await told(world, 60) == []


@pytest.mark.database
async def test_it_is_confirmed_by_app_radio_or_proxy_and_begins_anew(world: World) -> None:
    sent = await on_scene(world)
    assert await told(world, 27) == ["assignment.safety_warning"]
    for by, channel in (("crew", "app"), ("officer", "radio")):
        fact = await world.do(
            lambda tx, by=by, channel=channel: watch.confirm_safe(  # type: ignore[misc]
                tx, world.people[by], sent, channel, world.clock.now()
            )
        )
        assert (fact.safety_stage, fact.safety_since) == ("running", world.clock.now())
        assert fact.safety_confirmed_channel == channel
    assert await told(world, 24) == []
    truck = await world.device(TRUCK)
    await world.do(lambda tx: intake.hear_text(tx, truck, Text("t", "平安", b""), b"", world.clock.now()))
    assert (await world.events())[-1]["type"] == "assignment.safety_confirmed"
    assert await told(world, 24) == []
    with pytest.raises(NotFound):
        await world.do(
            lambda tx: watch.confirm_safe(tx, world.people["boatman"], sent, "app", world.clock.now())
        )


@pytest.mark.database
async def test_it_stops_when_the_task_is_done(world: World) -> None:
    sent = await on_scene(world)
    await step(world, sent, "finish")
    assert await told(world, 120) == []
    with pytest.raises(IllegalStep):
        await world.do(
            lambda tx: watch.confirm_safe(tx, world.people["crew"], sent, "app", world.clock.now())
        )
