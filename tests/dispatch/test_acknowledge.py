"""Acknowledgements: several, one that lapses (field.md E7, E8); the ladder by hand and from afar."""

from __future__ import annotations

from typing import Any

import pytest

from app.dispatch.actions import answer, climb, intake, watch
from app.dispatch.actions.assign import assign
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.commands import AssignIn, RungIn, StepIn
from app.dispatch.escalator import Escalator
from app.dispatch.rules.steps import IllegalStep
from app.refusals import InvalidInput, NotFound
from app.signals import Text
from tests.world import LIMITS, RIVER, TRUCK, World

pytestmark = pytest.mark.database


async def step(world: World, by: str, id_: int, name: str, **told: Any) -> AssignmentFact:
    command = StepIn(step=name, **told)
    return await world.do(lambda tx: answer.step(tx, world.people[by], id_, command, world.clock.now()))


async def told(world: World, minutes: float) -> list[str]:
    head = await world.head()
    world.later(minutes=minutes)
    await Escalator(world.database, world.clock, LIMITS).look()
    return await world.types(head)


async def ordered(world: World, **more: Any) -> AssignmentFact:
    incident = await world.incident()
    order = AssignIn(team_id=RIVER, **more)
    by = world.people["officer"]
    return await world.do(lambda tx: assign(tx, by, incident.id, order, world.clock.now(), LIMITS))


async def test_e8_the_first_of_several_stops_the_ladder_and_the_others_are_reminded_until_each_has(
    world: World,
) -> None:
    sent = await ordered(world, ack_people=[1, 2])
    assert [one.name for one in sent.ack_people] == ["江队长", "山队长"]
    first = await step(world, "officer", sent.id, "acknowledge", channel="telephone", person_id=1)
    assert (first.state, [one.name for one in first.acks]) == ("acknowledged", ["江队长"])
    assert await told(world, 3) == ["assignment.ack_reminded"]
    assert [one["name"] for one in (await world.events())[-1]["assignment"]["called"]] == ["山队长"]
    with pytest.raises(IllegalStep):
        await step(world, "officer", sent.id, "acknowledge", channel="telephone", person_id=1)
    second = await step(world, "officer", sent.id, "acknowledge", channel="radio", person_id=2)
    assert [one.channel for one in second.acks] == ["telephone", "radio"]
    assert (await world.events())[-1]["type"] == "assignment.acked"
    assert await told(world, 4) == []


async def test_e8_any_number_of_anybody_and_cancel_stops_all(world: World) -> None:
    sent = await ordered(world, acks_required=3)
    await step(world, "crew", sent.id, "acknowledge")
    await step(world, "officer", sent.id, "acknowledge", channel="radio")
    assert await told(world, 3) == ["assignment.ack_reminded"]
    await step(world, "officer", sent.id, "cancel", reason="误报")
    assert {row.state for row in await world.deliveries()} <= {"cancelled", "delivered"}
    assert await told(world, 60) == []


async def test_an_order_names_people_of_the_register_only(world: World) -> None:
    with pytest.raises(InvalidInput):
        await ordered(world, ack_people=[99])


async def test_e7_an_acknowledgement_without_departure_lapses_and_the_ladder_begins_anew(
    world: World,
) -> None:
    sent = await world.send()
    await step(world, "crew", sent.id, "acknowledge")
    assert await told(world, 9) == []
    assert await told(world, 1) == ["assignment.depart_reminded"]
    assert await told(world, 4) == []
    assert await told(world, 1) == ["assignment.ack_expired"]
    last = (await world.events())[-1]["assignment"]
    assert (last["state"], last["acknowledged_at"], last["escalation_step"]) == ("dispatched", None, 0)
    assert await told(world, 3) == ["assignment.escalated"]


async def test_e7_a_confirmed_one_does_not_and_is_asked_again_later(world: World) -> None:
    sent = await world.send()
    await step(world, "crew", sent.id, "acknowledge")
    assert await told(world, 10) == ["assignment.depart_reminded"]
    await world.do(lambda tx: watch.keep(tx, world.people["crew"], sent.id, "app", world.clock.now()))
    assert await told(world, 9) == []
    assert await told(world, 1) == ["assignment.depart_reminded"]
    await step(world, "crew", sent.id, "depart")
    assert await told(world, 60) == []
    with pytest.raises(IllegalStep):
        await world.do(lambda tx: watch.keep(tx, world.people["crew"], sent.id, "app", world.clock.now()))


async def test_the_dispatcher_jumps_to_a_chosen_rung(world: World) -> None:
    """https://github.com/target/goalert/issues/3085 (complaint 28)."""
    sent = await world.send()
    by = world.people["officer"]
    rules = LIMITS.ladder
    go = RungIn(rung="voice", reason="手机没人看")
    await world.do(lambda tx: climb.go_to_rung(tx, by, sent.id, go, world.clock.now(), rules))
    event = (await world.events())[-1]
    assert (event["type"], event["note"], event["actor"]["name"]) == (
        "assignment.escalated",
        "手机没人看",
        "值班员甲",
    )
    assert [one["rung"] for one in event["assignment"]["called"]] == ["voice"]
    assert await told(world, 2) == []
    assert await told(world, 1) == ["assignment.escalated"]
    nowhere, west = RungIn(rung="nowhere", reason="x"), world.people["west"]
    with pytest.raises(InvalidInput):
        await world.do(lambda tx: climb.go_to_rung(tx, by, sent.id, nowhere, world.clock.now(), rules))
    with pytest.raises(NotFound):
        await world.do(lambda tx: climb.go_to_rung(tx, west, sent.id, go, world.clock.now(), rules))


async def test_the_field_escalates_by_a_text(world: World) -> None:
    """https://github.com/target/goalert/issues/2775 (complaint 28)."""
    sent = await world.send()
    await step(world, "crew", sent.id, "depart")
    truck = await world.device(TRUCK)
    await world.do(lambda tx: intake.hear_text(tx, truck, Text("t", "升级", b""), b"", world.clock.now()))
    event = (await world.events())[-1]
    assert event["type"] == "assignment.escalated"
    assert "要求升级" in event["note"]
    assert event["assignment"]["state"] == "en_route"
    assert [one["name"] for one in event["assignment"]["called"]] == ["带班领导"]
    assert await told(world, 60) == []


async def test_a_person_stops_the_ladder_with_a_reason_and_a_jump_starts_it_again(world: World) -> None:
    """The last rungs repeat until somebody answers or a person stops them (complaint 23)."""
    sent = await world.send()
    by = world.people["officer"]
    for _ in range(2):
        fact = await world.do(lambda tx: climb.stop(tx, by, sent.id, "已在现场碰头", world.clock.now()))
        assert (fact.escalation_stopped_by, fact.escalation_stopped_reason) == ("值班员甲", "已在现场碰头")
    assert (await world.types()).count("assignment.escalation_stopped") == 1
    assert await told(world, 60) == []
    seen = await world.do(lambda tx: climb.ladder_of(tx, by, sent.id, LIMITS.ladder))
    assert (seen.next_at, seen.stopped_by) == (None, "值班员甲")
    go = RungIn(rung="leader", reason="还是没到")
    again = await world.do(lambda tx: climb.go_to_rung(tx, by, sent.id, go, world.clock.now(), LIMITS.ladder))
    assert again.escalation_stopped_by is None
    assert await told(world, 5) == ["assignment.escalated"]


async def test_the_desk_sees_the_numbers_of_those_who_are_to_be_called(world: World) -> None:
    sent = await world.send()
    await told(world, 3)
    await told(world, 2)
    by = world.people["officer"]
    seen = await world.do(lambda tx: climb.ladder_of(tx, by, sent.id, LIMITS.ladder))
    assert [(one.name, one.phones) for one in seen.called] == [("江队长", ["13800000001"])]
    assert [rung.reached for rung in seen.rungs] == [True, True, True, False, False]
    assert "13800000001" not in str((await world.events())[-1]["assignment"]["called"])


async def test_the_last_phone_that_logs_out_lets_the_next_channel_be_taken_at_once(world: World) -> None:
    """https://github.com/Resgrid/Core/issues/269 (complaint 9)."""
    await world.send()
    await world.run("DELETE FROM login_session")
    await world.do(lambda tx: climb.phones_gone(tx, frozenset({RIVER}), world.clock.now()))
    assert await told(world, 0) == ["assignment.escalated"]
    assert [row.channel for row in await world.deliveries()] == ["app", "jt808"]
