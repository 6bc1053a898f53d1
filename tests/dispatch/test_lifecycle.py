"""Merged, split, planned, reopened and linked incidents, against the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.desk.timeline import timeline
from app.dispatch.actions import incidents
from app.dispatch.actions.answer import step
from app.dispatch.command_body.actions import command, register
from app.dispatch.command_body.commands import (
    ActivateIn,
    CommandBodyAmendIn,
    CommandBodyIn,
    CommandHolderIn,
    StandDownIn,
)
from app.dispatch.command_body.refusals import BodyStale
from app.dispatch.commands import StepIn
from app.dispatch.escalator import Escalator
from app.dispatch.figures.actions import tell_figure
from app.dispatch.figures.commands import FigureIn
from app.dispatch.lifecycle.actions import links, merge, schedule, split
from app.dispatch.lifecycle.commands import IncidentSplitIn, LinkIn, MergeIn, PlannedIncidentIn
from app.dispatch.lifecycle.refusals import (
    ChildrenStillOpen,
    CommandStillActive,
    LinkedAlready,
    MergedAway,
    MergeSettled,
    WouldWiden,
)
from app.dispatch.reservation import actions as reservation
from app.dispatch.reservation.facts import ReserveIn
from app.dispatch.store import assignments
from app.dispatch.store import incidents as store
from app.refusals import NotPermitted
from tests.dispatch.test_intake import call, confirm
from tests.world import EAST_BANK, LAKE, LIMITS, OPEN_KIND, RIVER, SECRET_KIND, STREAM, WEST_LAKE, ZONE, World

pytestmark = pytest.mark.database


async def test_a_merged_incident_gives_up_everything_and_keeps_its_history(world: World) -> None:
    by, now = world.people["officer"], world.clock.now
    one = await world.incident(region_code=WEST_LAKE, initial_level=3, callers=[{"name": "张三"}])
    other = await world.incident()
    sent = await world.send(RIVER, one.id)
    figure = FigureIn(kind="trapped", value=2, source="张三")
    await world.do(lambda tx: tell_figure(tx, by, one.id, figure, now()))
    told = MergeIn(into_id=other.id, reason="同一起")
    both = await world.do(lambda tx: merge.merge(tx, by, one.id, told, now()))
    assert (both.initial_level, both.received_at, both.casualties.trapped) == (3, one.received_at, 2)
    assert [caller.name for caller in both.callers] == ["张三"]
    seen = await world.do(lambda tx: store.seen(tx, STREAM, one.id))
    assert seen is not None
    assert (seen.fact.state, seen.fact.merged_into_number) == ("closed", other.number)
    assert (await world.do(lambda tx: assignments.fact(tx, sent.id))).incident_id == other.id
    own = await world.do(lambda tx: timeline(tx, by, one.id))
    assert [team.team_name for team in own.teams] == ["江河救援队"]
    whole = await world.do(lambda tx: timeline(tx, by, other.id))
    assert {"assignment.dispatched", "incident.merged", "incident.absorbed"} <= {
        e.type for e in whole.entries
    }
    with pytest.raises(MergedAway):
        await world.do(lambda tx: schedule.reopen(tx, world.people["lead"], one.id, "错了", now()))


async def test_a_merge_is_taken_back_only_while_nothing_else_happened(world: World) -> None:
    by, now = world.people["officer"], world.clock.now
    one, other = await world.incident(initial_level=2), await world.incident()
    sent = await world.send(RIVER, one.id)
    told = MergeIn(into_id=other.id, reason="同一起")
    await world.do(lambda tx: merge.merge(tx, by, one.id, told, now()))
    (tie,) = await world.do(lambda tx: links.listed(tx, by, one.id))
    assert tie.undoable
    back = await world.do(lambda tx: merge.undo_merge(tx, by, tie.id, "并错", now()))
    assert (back.state, back.merged_into_id) == ("open", None)
    assert (await world.do(lambda tx: assignments.fact(tx, sent.id))).incident_id == one.id
    seen = await world.do(lambda tx: store.seen(tx, STREAM, other.id))
    assert seen is not None and seen.fact.initial_level == other.initial_level
    await world.do(lambda tx: merge.merge(tx, by, one.id, told, now()))
    arrived = StepIn(step="arrive", channel="radio", reason="电台")
    await world.do(lambda tx: step(tx, by, sent.id, arrived, now()))
    (tie, *_) = await world.do(lambda tx: links.listed(tx, by, one.id))
    assert not tie.undoable
    with pytest.raises(MergeSettled):
        await world.do(lambda tx: merge.undo_merge(tx, by, tie.id, "并错", now()))


async def test_a_need_to_know_incident_is_not_widened_without_a_named_person_saying_so(world: World) -> None:
    by, now = world.people["officer"], world.clock.now
    secret = await world.incident(event_code=SECRET_KIND)
    public = await world.incident(region_code=WEST_LAKE)
    await world.send(LAKE, public.id)
    with pytest.raises(WouldWiden):
        await world.do(
            lambda tx: merge.merge(tx, by, public.id, MergeIn(into_id=secret.id, reason="同"), now())
        )
    told = MergeIn(into_id=secret.id, reason="同", widen=True)
    both = await world.do(lambda tx: merge.merge(tx, by, public.id, told, now()))
    assert both.restricted
    absorbed = [event for event in await world.events() if event["type"] == "incident.absorbed"]
    assert absorbed[-1]["actor"]["name"] == by.name and "同意扩大知悉范围" in absorbed[-1]["zh"]


async def test_a_split_takes_what_is_chosen_and_stays_as_secret(world: World) -> None:
    by, now = world.people["officer"], world.clock.now
    callers = [{"name": "张三"}, {"name": "李四"}]
    whole = await world.incident(event_code=SECRET_KIND, callers=callers)
    sent, stays = await world.send(RIVER, whole.id), await world.send(LAKE, whole.id)
    told = IncidentSplitIn(
        title="另一起", event_code=OPEN_KIND, assignment_ids=[sent.id], callers=[1], reason="两起"
    )
    new = await world.do(lambda tx: split.split(tx, by, whole.id, told, now(), ZONE))
    assert new.restricted and [one.name for one in new.callers] == ["李四"]
    under = await world.do(lambda tx: assignments.of_incidents(tx, [whole.id]))
    assert [one.id for one in under] == [stays.id]
    (tie,) = await world.do(lambda tx: links.listed(tx, by, whole.id))
    assert (tie.kind, tie.other and tie.other.id) == ("split", new.id)


async def test_a_parent_is_not_closed_while_a_child_is_open_and_the_refusal_names_it(world: World) -> None:
    by, now = world.people["officer"], world.clock.now
    parent, child = await world.incident(), await world.incident(title="次生滑坡")
    told = LinkIn(kind="child", other_id=parent.id, reason="次生")
    (tie,) = await world.do(lambda tx: links.link(tx, by, child.id, told, now()))
    above = LinkIn(kind="child", other_id=child.id, reason="反了")
    with pytest.raises(LinkedAlready):
        await world.do(lambda tx: links.link(tx, by, parent.id, above, now()))
    with pytest.raises(ChildrenStillOpen, match=f"{child.number} 次生滑坡"):
        await world.do(lambda tx: incidents.close(tx, by, parent.id, "完", now()))
    await world.do(lambda tx: links.unlink(tx, by, tie.id, "不相干", now()))
    await world.do(lambda tx: incidents.close(tx, by, parent.id, "完", now()))


async def test_a_planned_incident_opens_at_its_time_once_on_whichever_node(world: World) -> None:
    """A team is reserved for it, not shown as out hours early.

    https://github.com/openises/TicketsCAD/issues/141
    """
    by, now = world.people["officer"], world.clock.now
    at = now() + timedelta(hours=2)
    told = PlannedIncidentIn(event_code=OPEN_KIND, region_code=EAST_BANK, title="庙会", scheduled_for=at)
    planned = await world.do(lambda tx: schedule.plan(tx, by, told, now(), ZONE))
    assert planned.state == "scheduled"
    promised = ReserveIn(team_id=RIVER, starts_at=at)
    await world.do(lambda tx: reservation.reserve(tx, by, planned.id, promised, now()))
    nodes = [Escalator(world.database, world.clock, LIMITS) for _ in range(2)]
    await nodes[0].look()
    assert await world.do(lambda tx: assignments.active_id_of_team(tx, RIVER)) is None
    world.later(hours=2, minutes=1)
    for node in nodes:
        await node.look()
    types = await world.types()
    assert types.count("incident.begun") == 1 and "reservation.committed" in types
    seen = await world.do(lambda tx: store.seen(tx, STREAM, planned.id))
    assert seen is not None and (seen.fact.state, seen.fact.received_at) == ("open", at)


async def test_only_a_leader_or_the_shift_lead_opens_a_closed_incident_again(world: World) -> None:
    now = world.clock.now
    one = await world.incident()
    await world.do(lambda tx: incidents.close(tx, world.people["officer"], one.id, "误关", now()))
    with pytest.raises(NotPermitted):
        await world.do(lambda tx: schedule.reopen(tx, world.people["officer"], one.id, "复燃", now()))
    back = await world.do(lambda tx: schedule.reopen(tx, world.people["lead"], one.id, "复燃", now()))
    assert (back.state, back.closed_at) == ("open", None)
    assert "误关" in (await world.events())[-1]["zh"]


async def test_a_headquarters_takes_command_its_members_are_told_and_it_stands_down(world: World) -> None:
    by, now = world.people["officer"], world.clock.now
    one = await world.incident()
    told = CommandBodyIn(
        name_zh="安全生产专项指挥部", hazards=["12"], posts=[CommandHolderIn(post="commander", person_id=1)]
    )
    body = await world.do(lambda tx: register.register(tx, world.people["lead"], told, now()))
    found = await world.do(lambda tx: command.of_incident(tx, by, one.id))
    assert [fit.id for fit in found.proposed] == [body.id]
    asked = ActivateIn(body_id=body.id, reason="较大", happened_at=now() - timedelta(minutes=5))
    active = await world.do(lambda tx: command.activate(tx, by, one.id, asked, now()))
    assert (active.activated_at, active.entered_at) == (now() - timedelta(minutes=5), now())
    (notice,) = await world.rows("SELECT person_id, text FROM notice")
    assert notice["person_id"] == 1 and "已启动" in notice["text"]
    seen = await world.do(lambda tx: store.seen(tx, STREAM, one.id))
    assert seen is not None and seen.fact.command[0].commander == "江队长"
    with pytest.raises(CommandStillActive):
        await world.do(lambda tx: incidents.close(tx, by, one.id, "完", now()))
    done = StandDownIn(reason="处置完毕")
    await world.do(lambda tx: command.stand_down(tx, by, active.id, done, now()))
    await world.do(lambda tx: incidents.close(tx, by, one.id, "完", now()))
    story = await world.do(lambda tx: timeline(tx, by, one.id))
    assert any("启动指挥部" in line.zh and "江队长" in line.zh for line in story.entries)


async def test_the_second_call_about_one_event_is_suggested_and_nothing_is_merged(world: World) -> None:
    by, now = world.people["officer"], world.clock.now
    one, other = await world.incident(), await world.incident(title="有人落水")
    found = await world.do(lambda tx: links.likely_same(tx, by, other.id, now()))
    assert [(like.incident.id, like.score >= 50) for like in found] == [(one.id, True)]
    assert not await world.rows("SELECT 1 FROM incident_link")


async def test_what_a_named_person_said_is_not_the_same_is_suggested_no_more_for_that_pair(
    world: World,
) -> None:
    by, now = world.people["officer"], world.clock.now
    one, other, third = (
        await world.incident(),
        await world.incident(title="有人落水"),
        await world.incident(title="又有人落水"),
    )
    told = LinkIn(kind="distinct", other_id=one.id, reason="两处相距一公里,不是一人")

    async def alike(of: int) -> set[int]:
        return {like.incident.id for like in await world.do(lambda tx: links.likely_same(tx, by, of, now()))}

    await world.do(lambda tx: links.link(tx, by, other.id, told, now()))
    assert await alike(other.id) == {third.id}
    assert await alike(one.id) == {third.id}
    assert await alike(third.id) == {one.id, other.id}  # only that pair
    (tie,) = await world.do(lambda tx: links.listed(tx, by, one.id))
    assert (tie.kind, tie.made_by, tie.reason) == ("distinct", by.name, told.reason)
    story = await world.do(lambda tx: timeline(tx, by, one.id))
    assert any("非同一事件" in line.zh for line in story.entries)
    with pytest.raises(LinkedAlready):
        await world.do(lambda tx: links.link(tx, by, other.id, told, now()))
    await world.do(lambda tx: links.unlink(tx, by, tie.id, "看错了", now()))
    assert one.id in await alike(other.id)


async def test_a_call_that_comes_again_after_a_merge_goes_to_the_incident_that_survives(
    world: World,
) -> None:
    by, now = world.people["officer"], world.clock.now
    first = await confirm(world, await call(world, "sos-1"), region_code=EAST_BANK)
    other = await world.incident()
    told = MergeIn(into_id=other.id, reason="同一起")
    await world.do(lambda tx: merge.merge(tx, by, first, told, now()))
    head = await world.head()
    world.later(seconds=20)
    await call(world, "sos-1")
    (alarm,) = await world.rows("SELECT incident_id, count FROM alarm")
    assert (alarm["incident_id"], alarm["count"]) == (other.id, 2)
    again = await world.events(head)
    assert {e["alarm"]["incident_id"] for e in again if e["type"] == "alarm.repeated"} <= {other.id}
    survivor = await world.do(lambda tx: store.seen(tx, STREAM, other.id))
    assert survivor is not None
    assert survivor.fact.alarm_ids != []


async def test_two_who_amend_a_headquarters_notice_each_other(world: World) -> None:
    by, now = world.people["lead"], world.clock.now
    told = CommandBodyIn(name_zh="防汛指挥部", posts=[CommandHolderIn(post="commander", name="甲")])
    body = await world.do(lambda tx: register.register(tx, by, told, now()))
    first = CommandBodyAmendIn(
        version=body.version,
        name_zh="防汛抗旱指挥部",
        posts=[CommandHolderIn(post="commander", person_id=1), CommandHolderIn(post="office", name="乙")],
    )
    amended = await world.do(lambda tx: register.amend(tx, by, body.id, first, now()))
    assert [(p.post, p.name) for p in amended.posts] == [("commander", "江队长"), ("office", "乙")]
    assert amended.version == body.version + 1
    with pytest.raises(BodyStale, match="防汛抗旱指挥部刚被他人修改"):
        await world.do(lambda tx: register.amend(tx, by, body.id, first, now()))
