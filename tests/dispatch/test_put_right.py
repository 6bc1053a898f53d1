"""Status lives on the assignment: nothing resets it, a wrong tap is taken back, a team is diverted openly."""

from __future__ import annotations

from typing import Any

import pytest

from app.dispatch.actions import answer, climb, incidents, undo
from app.dispatch.actions.assign import AlreadyCommitted, assign
from app.dispatch.actions.undo import NothingToUndo, UndoTooLate
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.commands import AssignIn, StepIn
from app.dispatch.rules.steps import IllegalStep
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.world import LAKE, LIMITS, RIVER, World

pytestmark = pytest.mark.database


async def step(world: World, by: str, id_: int, name: str, **told: Any) -> AssignmentFact:
    command = StepIn(step=name, **told)
    return await world.do(lambda tx: answer.step(tx, world.people[by], id_, command, world.clock.now()))


async def taken_back(world: World, by: str, id_: int, reason: str = "") -> AssignmentFact:
    return await world.do(lambda tx: undo.undo(tx, world.people[by], id_, reason, world.clock.now(), LIMITS))


async def sent_away(world: World, incident: int, by: str = "officer", **more: Any) -> AssignmentFact:
    order = AssignIn(team_id=RIVER, **more)
    return await world.do(lambda tx: assign(tx, world.people[by], incident, order, world.clock.now(), LIMITS))


async def test_assigning_the_same_team_again_changes_nothing(world: World) -> None:
    """https://github.com/wrk-fmd/CoCeSo/issues/57 (complaint 3): its status was reset."""
    sent = await world.send()
    await step(world, "crew", sent.id, "arrive")
    head = await world.head()
    again = await sent_away(world, sent.incident_id, by="second")
    assert (again.id, again.state) == (sent.id, "on_scene")
    assert await world.head() == head


async def test_a_units_own_step_moves_the_named_assignment_only(world: World) -> None:
    """https://github.com/openises/TicketsCAD/issues/116 (complaint 2)."""
    first = await world.send()
    await step(world, "crew", first.id, "arrive")
    await step(world, "crew", first.id, "finish")
    second = await world.send(RIVER, (await world.incident()).id)
    await step(world, "crew", second.id, "depart")
    rows = await world.rows("SELECT state FROM assignment ORDER BY id")
    assert [row["state"] for row in rows] == ["task_done", "en_route"]


async def test_a_step_taken_on_one_screen_is_an_event_on_every_screen(world: World) -> None:
    """https://github.com/openises/TicketsCAD/issues/59 (complaint 5): one journal feeds all views."""
    sent = await world.send()
    await step(world, "crew", sent.id, "depart")
    event = (await world.events())[-1]
    assert (event["type"], event["assignment"]["state"], event["assignment"]["version"]) == (
        "assignment.en_route",
        "en_route",
        2,
    )


async def test_each_step_keeps_three_times_its_channel_and_whether_it_was_a_proxys(world: World) -> None:
    """https://github.com/Resgrid/Core/issues/251 (complaint 10): audited."""
    sent = await world.send()
    world.later(minutes=10)
    now = world.clock.now()
    from_afar = {"happened_at": sent.assigned_at, "told_at": now, "channel": "radio", "reason": "电台报告"}
    await step(world, "officer", sent.id, "depart", **from_afar)
    (kept,) = await world.do(lambda tx: climb.steps_of(tx, world.people["officer"], sent.id))
    assert (kept.happened_at, kept.told_at, kept.entered_at) == (sent.assigned_at, now, now)
    assert (kept.proxy, kept.channel, kept.reason, kept.by_name) == (True, "radio", "电台报告", "值班员甲")
    with pytest.raises(NotFound):
        await world.do(lambda tx: climb.steps_of(tx, world.people["boatman"], sent.id))


async def test_a_wrong_tap_is_taken_back_and_stays_in_the_history(world: World) -> None:
    """https://github.com/wrk-fmd/CoCeSo/issues/57 (complaint 3): no undo."""
    sent = await world.send()
    await step(world, "crew", sent.id, "depart")
    await step(world, "crew", sent.id, "arrive")
    world.later(minutes=4)
    fact = await taken_back(world, "crew", sent.id)
    assert (fact.state, fact.on_scene_at, fact.safety_since) == ("en_route", None, None)
    assert fact.en_route_at is not None
    kept = await world.do(lambda tx: climb.steps_of(tx, world.people["crew"], sent.id))
    assert [(one.step, one.undone_by) for one in kept] == [("depart", None), ("arrive", "江队队员")]
    assert (await world.events())[-1]["type"] == "assignment.undone"


async def test_after_some_minutes_only_the_desk_puts_it_right_and_says_why(world: World) -> None:
    sent = await world.send()
    await step(world, "crew", sent.id, "acknowledge")
    world.later(minutes=6)
    with pytest.raises(UndoTooLate):
        await taken_back(world, "crew", sent.id)
    with pytest.raises(InvalidInput):
        await taken_back(world, "officer", sent.id)
    with pytest.raises(NotFound):
        await taken_back(world, "boatman", sent.id)
    fact = await taken_back(world, "officer", sent.id, "点错了")
    assert (fact.state, fact.acks, fact.answered_by, fact.escalation_step) == ("dispatched", [], None, 0)
    with pytest.raises(NothingToUndo):
        await taken_back(world, "officer", sent.id, "再来")


async def test_what_is_over_is_opened_again_only_while_team_and_incident_are_free(world: World) -> None:
    sent = await world.send()
    await step(world, "crew", sent.id, "arrive")
    await step(world, "crew", sent.id, "finish")
    other = await world.send(RIVER, (await world.incident()).id)
    with pytest.raises(AlreadyCommitted):
        await taken_back(world, "officer", sent.id, "没完")
    await step(world, "officer", other.id, "cancel", reason="误报")
    assert (await taken_back(world, "officer", sent.id, "没完")).state == "on_scene"
    await step(world, "crew", sent.id, "finish")
    by = world.people["officer"]
    await world.do(lambda tx: incidents.close(tx, by, sent.incident_id, "已处置", world.clock.now()))
    with pytest.raises(IllegalStep):
        await taken_back(world, "officer", sent.id, "没完")


async def test_a_committed_team_is_diverted_only_by_naming_what_it_leaves(world: World) -> None:
    sent = await world.send()
    await step(world, "crew", sent.id, "depart")
    elsewhere = await world.incident(title="西岸落水")
    for wrong in (None, sent.id + 1):
        with pytest.raises(AlreadyCommitted):
            await sent_away(world, elsewhere.id, divert_from=wrong)
    head = await world.head()
    fact = await sent_away(world, elsewhere.id, divert_from=sent.id)
    assert (fact.state, fact.diverted_from_id) == ("dispatched", sent.id)
    left, gone = await world.events(head)
    assert (left["type"], gone["type"]) == ("assignment.cancelled", "assignment.dispatched")
    assert left["assignment"]["reason"] == f"改派至 {elsewhere.number}"
    assert left["assignment"]["diverted_to_id"] == elsewhere.id  # the incident left needs a replacement
    assert left["assignment"]["incident_id"] == sent.incident_id


async def test_who_does_not_command_what_a_team_leaves_cannot_divert_it(world: World) -> None:
    sent = await world.send(LAKE, (await world.incident()).id)
    here = await world.incident()
    order = AssignIn(team_id=LAKE, divert_from=sent.id)
    with pytest.raises(NotPermitted):
        await world.do(lambda tx: assign(tx, world.people["east"], here.id, order, world.clock.now(), LIMITS))
    assert [row["state"] for row in await world.rows("SELECT state FROM assignment")] == ["dispatched"]
