"""The steps of an order: by the team, by the desk on its behalf, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.rules import ChannelClosed
from app.dispatch.actions import answer, incidents, standby
from app.dispatch.actions.incidents import StaleVersion, TeamsStillOut
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.commands import IncidentPatch, StepIn
from app.dispatch.rules.steps import IllegalStep
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.world import FOREST, HILL, LAKE, RIVER, SECRET_KIND, World

pytestmark = pytest.mark.database


async def step(world: World, by: str, id_: int, name: str, **told: Any) -> AssignmentFact:
    told = {"reason": "原因" if name in ("decline", "cancel") else "", **told}
    command = StepIn(step=name, **told)
    return await world.do(lambda tx: answer.step(tx, world.people[by], id_, command, world.clock.now()))


async def test_a_crew_takes_its_own_steps_and_each_instant_is_kept(world: World) -> None:
    sent = await world.send()
    for name in ("acknowledge", "depart", "arrive", "finish"):
        world.later(minutes=2)
        fact = await step(world, "crew", sent.id, name)
    at = [fact.acknowledged_at, fact.en_route_at, fact.on_scene_at, fact.task_done_at]
    assert at == [sent.assigned_at + timedelta(minutes=m) for m in (2, 4, 6, 8)]
    assert (fact.answered_by, fact.answer_channel) == ("江队队员", "app")


async def test_skipping_ahead_fills_the_milestones_in_between(world: World) -> None:
    sent = await world.send()
    world.later(minutes=7)
    fact = await step(world, "officer", sent.id, "arrive", channel="radio")
    assert fact.acknowledged_at == fact.en_route_at == fact.on_scene_at == world.clock.now()
    assert (fact.answered_by, fact.answer_channel) == ("值班员甲", "radio")
    event = (await world.events())[-1]
    assert event["actor"]["name"] == "值班员甲"


async def test_another_crew_and_those_without_orders_find_nothing(world: World) -> None:
    sent = await world.send()
    for by in ("boatman", "admin", "auditor"):
        with pytest.raises(NotFound):
            await step(world, by, sent.id, "acknowledge")
    with pytest.raises(NotPermitted):
        await step(world, "crew", sent.id, "cancel")


async def test_a_township_steps_for_its_own_and_sees_no_other(world: World) -> None:
    incident = await world.incident()
    lent = await world.send(LAKE, incident.id)  # a western team on the east bank concerns both
    await step(world, "west", lent.id, "acknowledge", channel="telephone")
    await step(world, "east", lent.id, "depart", channel="telephone")
    hill = await world.send(HILL, incident.id)
    with pytest.raises(NotFound):
        await step(world, "west", hill.id, "acknowledge")
    secret = await world.send(RIVER, (await world.incident(event_code=SECRET_KIND)).id)
    with pytest.raises(NotFound):
        await step(world, "east", secret.id, "acknowledge")


async def test_the_same_step_twice_is_refused_and_changes_nothing(world: World) -> None:
    sent = await world.send()
    first = await step(world, "crew", sent.id, "acknowledge")
    head = await world.head()
    with pytest.raises(IllegalStep):
        await step(world, "crew", sent.id, "acknowledge")
    assert await world.head() == head
    (row,) = await world.rows("SELECT acknowledged_at FROM assignment")
    assert row["acknowledged_at"] == first.acknowledged_at


async def test_a_decline_needs_a_reason_frees_the_team_and_stops_its_messages(world: World) -> None:
    sent = await world.send()
    with pytest.raises(InvalidInput):
        await step(world, "crew", sent.id, "decline", reason="")
    fact = await step(world, "crew", sent.id, "decline", channel="telephone", reason="船坏了")
    assert (fact.state, fact.reason, fact.acknowledged_at) == ("declined", "船坏了", None)
    (message,) = await world.deliveries()
    assert message.state == "cancelled"
    again = await world.send(RIVER, (await world.incident()).id)
    assert again.state == "dispatched"


async def test_an_answer_in_the_app_proves_that_its_message_was_read(world: World) -> None:
    sent = await world.send()
    await step(world, "crew", sent.id, "acknowledge")
    (message,) = await world.deliveries()
    assert (message.state, message.delivered_at) == ("delivered", world.clock.now())


async def test_a_cancelled_order_is_over_and_the_team_is_free(world: World) -> None:
    sent = await world.send()
    await step(world, "crew", sent.id, "depart")
    fact = await step(world, "officer", sent.id, "cancel", channel="radio", reason="误报")
    assert (fact.state, fact.cancelled_at) == ("cancelled", world.clock.now())
    with pytest.raises(IllegalStep):
        await step(world, "crew", sent.id, "arrive")
    await world.send(RIVER)


async def test_what_is_in_the_air_when_the_answer_comes_is_not_sent_again(world: World) -> None:
    """Field complaint 24: notifications continue after the acknowledgement."""
    sent = await world.send(HILL)
    now = world.clock.now()

    async def leave(tx: Any) -> None:
        row = await deliveries.locked(tx, 1)
        assert row is not None
        await delivery.submit(tx, row, "pty:TXA", 1, now)

    await world.do(leave)
    await step(world, "officer", sent.id, "acknowledge", channel="radio")
    world.later(seconds=20)
    await world.do(lambda tx: delivery.give_up_waiting(tx, world.clock.now()))
    (message,) = await world.deliveries()
    assert (message.state, message.attempt) == ("failed", 1)


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        (timedelta(minutes=-1), timedelta(minutes=4)),  # the phone was out of reach for a minute
        (timedelta(hours=1), timedelta(minutes=5)),  # a clock in the future
        (timedelta(hours=-3), timedelta(0)),  # before the order was given
    ],
)
async def test_a_phone_may_tell_late_but_not_invent_history(
    world: World, stated: timedelta, kept: timedelta
) -> None:
    sent = await world.send()
    world.later(minutes=5)
    fact = await step(world, "crew", sent.id, "acknowledge", happened_at=world.clock.now() + stated)
    assert fact.acknowledged_at == sent.assigned_at + kept


async def test_no_milestone_comes_before_the_one_that_led_to_it(world: World) -> None:
    sent = await world.send()
    world.later(minutes=10)
    left = await step(world, "crew", sent.id, "depart")
    early: datetime = world.clock.now() - timedelta(minutes=6)
    world.later(minutes=10)
    fact = await step(world, "crew", sent.id, "arrive", happened_at=early)
    assert fact.on_scene_at is not None and left.en_route_at is not None
    assert fact.on_scene_at >= left.en_route_at


async def test_an_incident_is_not_closed_while_a_team_is_out(world: World) -> None:
    sent = await world.send()
    by = world.people["officer"]

    async def close(tx: Any) -> object:
        return await incidents.close(tx, by, sent.incident_id, "已处置", world.clock.now())

    with pytest.raises(TeamsStillOut, match="1"):
        await world.do(close)
    await step(world, "crew", sent.id, "arrive")
    await step(world, "crew", sent.id, "finish")
    await world.do(close)
    with pytest.raises(IllegalStep):
        await world.do(close)


async def test_who_edits_what_somebody_else_changed_meanwhile_is_told_so(world: World) -> None:
    incident = await world.incident()

    async def amend(by: str, version: int) -> int:
        patch = IncidentPatch(version=version, address=f"{by} 改的")
        fact = await world.do(
            lambda tx: incidents.amend(tx, world.people[by], incident.id, patch, world.clock.now())
        )
        return fact.version

    assert await amend("officer", 1) == 2
    with pytest.raises(StaleVersion):
        await amend("second", 1)
    assert await amend("second", 2) == 3


async def test_only_the_crew_that_was_written_to_can_say_it_was_shown(world: World) -> None:
    await world.send()
    crew, other = world.people["crew"], world.people["boatman"]
    with pytest.raises(NotFound):
        await world.do(lambda tx: standby.receipt(tx, other, 1, world.clock.now()))
    for _ in range(2):  # a second receipt changes nothing
        fact = await world.do(lambda tx: standby.receipt(tx, crew, 1, world.clock.now()))
        assert fact.state == "delivered"
    assert (await world.types()).count("delivery.delivered") == 1


async def test_a_receipt_for_a_withdrawn_message_is_refused(world: World) -> None:
    sent = await world.send()
    await step(world, "officer", sent.id, "cancel", channel="radio")
    crew = world.people["crew"]
    with pytest.raises(ChannelClosed):
        await world.do(lambda tx: standby.receipt(tx, crew, 1, world.clock.now()))


async def test_standby_is_set_by_officers_of_the_teams_place(world: World) -> None:
    async def set_standby(by: str, team: int) -> bool:
        fact = await world.do(
            lambda tx: standby.set_standby(tx, world.people[by], team, False, world.clock.now())
        )
        return fact.standby

    assert await set_standby("west", FOREST) is False
    with pytest.raises(NotFound):
        await set_standby("west", RIVER)
    for by in ("crew", "auditor"):
        with pytest.raises(NotPermitted):
            await set_standby(by, RIVER)
