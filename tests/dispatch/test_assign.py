"""Sending a team: one transaction, one team for one incident, messages and journal together."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.db import Tx
from app.dispatch.actions import incidents, rungs
from app.dispatch.actions.assign import AlreadyCommitted, assign
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.commands import AssignIn, IncidentPatch
from app.dispatch.rules.steps import IllegalStep
from app.journal import store as journal
from app.refusals import NotFound, NotPermitted
from tests.world import (
    FOREST,
    HILL,
    LAKE,
    LIMITS,
    OPEN_KIND,
    RIVER,
    SECRET_KIND,
    WEST_LAKE,
    World,
)

pytestmark = pytest.mark.database


async def send(world: World, by: str, incident_id: int, team: int = RIVER) -> str:
    """Send a team; return what came of it in a word or the refusal's English sentence."""
    order = AssignIn(team_id=team)
    try:
        await world.do(lambda tx: assign(tx, world.people[by], incident_id, order, world.clock.now(), LIMITS))
    except AlreadyCommitted as refusal:
        return refusal.en
    return "sent"


async def test_an_order_its_message_and_its_journal_entry_are_committed_together(world: World) -> None:
    sent = await world.send()
    (message,) = await world.deliveries()
    event = (await world.events())[-1]
    assert event["type"] == "assignment.dispatched"
    assert event["actor"]["name"] == "值班员甲"
    assert event["assignment"]["id"] == sent.id == message.assignment_id
    assert event["deliveries"][0]["id"] == message.id
    assert sent.answer_due_at - sent.assigned_at == timedelta(minutes=3)
    assert message.expires_at - message.queued_at == timedelta(minutes=30)
    assert message.body == (
        "【派单】SJ-20250618-001 樟川市东镇东岸村 其他事故。速去东岸 回复1收到2拒绝3出发4到场5完成"
    )


@pytest.mark.parametrize("broken", ["post", "append"])
async def test_a_failure_in_between_leaves_nothing_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    incident = await world.incident()
    head = await world.head()

    async def fail(*_: Any, **__: Any) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(*((rungs, "post") if broken == "post" else (journal, "append")), fail)
        with pytest.raises(OSError, match="power"):
            await world.send(RIVER, incident.id)
    assert await world.rows("SELECT id FROM assignment") == []
    assert await world.deliveries() == []
    assert await world.head() == head
    await world.send(RIVER, incident.id)  # nothing is left locked or half done


async def test_of_two_officers_who_send_one_team_at_once_exactly_one_succeeds(world: World) -> None:
    ids = [(await world.incident()).id, (await world.incident()).id]
    for round_ in range(20):
        team = RIVER if round_ % 2 else LAKE
        outcomes = await asyncio.gather(
            send(world, "officer", ids[0], team), send(world, "second", ids[1], team)
        )
        assert outcomes.count("sent") == 1, outcomes
        loser = next(words for words in outcomes if words != "sent")
        first = "值班员甲" if outcomes[0] == "sent" else "值班员乙"
        number = "SJ-20250618-001" if outcomes[0] == "sent" else "SJ-20250618-002"
        assert loser == (
            f"{first} already sent this team to {number} at 2025-06-17T18:13:20+00:00: choose another"
        )
        active = await world.rows("SELECT id FROM assignment WHERE state = 'dispatched'")
        assert len(active) == 1
        await world.run("UPDATE assignment SET state = 'cancelled' WHERE state = 'dispatched'")


async def test_a_second_call_never_resets_a_busy_unit(world: World) -> None:
    """https://github.com/openises/TicketsCAD/issues/82 (complaint 1): it went back to Dispatched."""
    first = await world.send()
    await world.run("UPDATE assignment SET state = 'on_scene'")
    elsewhere = await world.incident()
    with pytest.raises(AlreadyCommitted) as told:
        await world.send(RIVER, elsewhere.id, by="second")
    assert told.value.held.assignment_id == first.id
    assert (await world.send(RIVER, first.incident_id, by="second")).state == "on_scene"
    assert await world.rows("SELECT id, state FROM assignment") == [{"id": first.id, "state": "on_scene"}]


async def test_several_teams_may_go_to_one_incident(world: World) -> None:
    incident = await world.incident()
    for team in (RIVER, HILL, LAKE, FOREST):
        await world.send(team, incident.id)
    event = (await world.events())[-1]
    assert [a["team_id"] for a in event["assignments"]] == [RIVER, HILL, LAKE, FOREST]
    # The forest team has neither app nor device: nothing is written that could never leave, the desk calls.
    assert [d["team_id"] for d in event["deliveries"]] == [RIVER, HILL, LAKE]
    assert [d["channel"] for d in event["deliveries"]] == ["app", "beidou", "app"]
    assert [one["capacity"] for one in event["assignment"]["called"]] == ["team_leader"]


async def test_a_closed_incident_takes_no_more_teams(world: World) -> None:
    incident = await world.incident()
    by = world.people["officer"]
    await world.do(lambda tx: incidents.close(tx, by, incident.id, "已处置", world.clock.now()))
    with pytest.raises(IllegalStep):
        await world.send(RIVER, incident.id)


async def test_a_township_sends_its_own_teams_to_its_own_incidents_only(world: World) -> None:
    here = await world.incident()
    there = await world.incident(region_code=WEST_LAKE)
    secret = await world.incident(event_code=SECRET_KIND)
    await world.send(RIVER, here.id, by="east")
    with pytest.raises(NotPermitted):
        await world.send(LAKE, here.id, by="east")
    for hidden in (there, secret):
        with pytest.raises(NotFound):
            await world.send(HILL, hidden.id, by="east")


@pytest.mark.parametrize("by", ["crew", "admin", "auditor"])
async def test_only_officers_send_teams(world: World, by: str) -> None:
    incident = await world.incident()
    with pytest.raises(NotPermitted):
        await world.send(RIVER, incident.id, by=by)


async def test_an_unknown_team_or_incident_is_not_found(world: World) -> None:
    incident = await world.incident()
    with pytest.raises(NotFound):
        await world.send(99, incident.id)
    with pytest.raises(NotFound):
        await world.send(RIVER, 99)


async def test_an_amendment_and_an_order_at_once_both_stand(world: World) -> None:
    """Both change whom the incident concerns: neither may lose the other's audience."""
    incident = await world.incident()
    patch = IncidentPatch(version=1, region_code=WEST_LAKE, event_code=OPEN_KIND, reason="核实后改")

    async def amend(tx: Tx) -> object:
        return await incidents.amend(tx, world.people["officer"], incident.id, patch, world.clock.now())

    await asyncio.gather(world.do(amend), world.send(RIVER, incident.id))
    (row,) = await world.rows("SELECT concern_regions, concern_teams FROM incident")
    assert {WEST_LAKE, "990181100000"} <= set(row["concern_regions"])
    assert row["concern_teams"] == [RIVER]
    (message,) = await world.deliveries()
    assert set(message.concern_regions) == set(row["concern_regions"])


async def test_two_diversions_that_cross_both_succeed(world: World) -> None:
    """X→Y and Y→X in the same instant: incidents are locked by their ids, so neither waits for ever."""
    for _ in range(3):
        first, second = await world.incident(), await world.incident(region_code=WEST_LAKE)
        river, lake = await world.send(RIVER, first.id), await world.send(LAKE, second.id)
        outcomes = await asyncio.gather(
            _divert(world, RIVER, river.id, second.id), _divert(world, LAKE, lake.id, first.id)
        )
        assert [one.diverted_from_id for one in outcomes] == [river.id, lake.id]
        await world.run("UPDATE assignment SET state = 'cancelled'")


async def _divert(world: World, team: int, leaves: int, incident_id: int) -> AssignmentFact:
    order, by = AssignIn(team_id=team, divert_from=leaves), world.people["officer"]
    sent: AssignmentFact = await world.do(
        lambda tx: assign(tx, by, incident_id, order, world.clock.now(), LIMITS)
    )
    return sent
