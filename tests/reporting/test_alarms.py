"""Alarms of dues, and flags nobody deletes, on a real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from app.dispatch.actions import incidents
from app.dispatch.actions.telling import note_telling
from app.dispatch.commands import IncidentIn, TellingIn
from app.dispatch.facts import ReportKind, ReportNode
from app.reporting.actions import seen
from app.reporting.follow import follow_incidents
from app.reporting.rules import terms
from app.reporting.watcher import ReportWatch
from tests.reporting.reporting_evening import LEADER, POLICY
from tests.world import EAST_HILL, OPEN_KIND, SECRET_KIND, STREAM, ZONE, World

pytestmark = pytest.mark.database


@pytest.fixture
def followed(world: World) -> World:
    follow_incidents(world.database, POLICY)
    return world


async def opened(world: World, kind: str = OPEN_KIND) -> int:
    told = IncidentIn(event_code=kind, region_code=EAST_HILL)
    by = world.people["lead"]
    return int((await world.do(lambda tx: incidents.open_by_hand(tx, by, told, world.clock.now(), ZONE))).id)


def watch(world: World) -> ReportWatch:
    return ReportWatch(world.database, world.clock, STREAM, POLICY)


async def rung(world: World, receiver: str) -> list[tuple[str, str, int]]:
    """Return the alarms of the calls to a receiver: kind of event, to whom, minutes late."""
    rows = await world.rows(
        "SELECT type, body->>'to' AS whom, CAST(body->>'late_minutes' AS int) AS late FROM journal "
        "WHERE type IN ('report.due_soon', 'report.overdue') AND body->'due'->>'receiver' = :to "
        "AND body->'due'->>'channel' = 'phone' ORDER BY seq",
        to=receiver,
    )
    return [(row["type"], row["whom"], row["late"]) for row in rows]


async def test_desk_shift_lead_and_leader_are_called_in_turn_and_then_every_five_minutes(
    followed: World,
) -> None:
    await opened(followed)
    for _ in range(16):
        followed.later(minutes=1)
        await watch(followed).look()
    assert await rung(followed, "L") == [
        ("report.due_soon", "desk", 0),
        ("report.due_soon", "shift_lead", 0),
        ("report.overdue", "leader", 0),
        ("report.overdue", "leader", 5),
        ("report.overdue", "leader", 10),
    ]


async def test_after_a_restart_nothing_rings_twice_and_a_sleeping_house_rings_once(followed: World) -> None:
    await opened(followed)
    followed.later(minutes=3)
    assert await watch(followed).look() == 1
    assert await watch(followed).look() == 0
    followed.later(minutes=20)
    await asyncio.gather(watch(followed).look(), watch(followed).look())
    assert await rung(followed, "L") == [("report.due_soon", "desk", 0), ("report.overdue", "leader", 18)]


async def test_what_was_overdue_stays_flagged_after_it_is_made_and_the_incident_closed(
    followed: World,
) -> None:
    incident = await opened(followed)
    by = followed.people["lead"]
    followed.later(minutes=7)
    await watch(followed).look()
    await followed.do(lambda tx: note_telling(tx, by, incident, LEADER, followed.clock.now()))
    await followed.do(lambda tx: incidents.close(tx, by, incident, "已处置", followed.clock.now()))
    told = await followed.do(lambda tx: seen.of_incident(tx, by, POLICY, incident, followed.clock.now()))
    (leader,) = [due for due in told.dues if due.receiver == "L"]
    assert (leader.state, leader.late_minutes, leader.flagged, leader.disputed) == (
        "done_late",
        2,
        True,
        False,
    )
    assert [(one.done_at is None, one.minutes) for one in leader.late] == [(True, 2), (False, 2)]
    for attack in (
        "TRUNCATE report_late",
        "UPDATE reporting_fact SET at = now()",
        "TRUNCATE report_due CASCADE",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            await followed.rows(attack)


async def test_of_a_closed_incident_only_what_is_due_of_its_end_rings(followed: World) -> None:
    incident = await opened(followed)
    by = followed.people["lead"]
    await followed.do(lambda tx: incidents.close(tx, by, incident, "已处置", followed.clock.now()))
    timers = await followed.rows("SELECT DISTINCT kind FROM report_due WHERE next_alarm_at IS NOT NULL")
    assert [row["kind"] for row in timers] == ["final"]
    followed.later(hours=13)
    assert await watch(followed).look() == 1


async def test_a_change_and_its_dues_are_one_transaction(followed: World) -> None:
    by = followed.people["lead"]
    told = IncidentIn(event_code=OPEN_KIND, region_code=EAST_HILL)

    async def broken(tx: Any) -> None:
        await incidents.open_by_hand(tx, by, told, followed.clock.now(), ZONE)
        raise RuntimeError("power lost")

    with pytest.raises(RuntimeError):
        await followed.do(broken)
    assert await followed.rows("SELECT id FROM report_due") == []


async def test_who_may_not_know_an_incident_sees_none_of_its_dues(followed: World) -> None:
    await opened(followed, SECRET_KIND)
    now = followed.clock.now()
    seeing = {}
    for name in ("lead", "east"):
        by = followed.people[name]
        async with followed.database.transaction() as tx:
            seeing[name] = len(await seen.open_dues(tx, by, POLICY, 200, now))
    assert seeing["lead"] > 0
    assert seeing["east"] == 0
    followed.later(minutes=6)
    await watch(followed).look()
    assert await followed.rows("SELECT id FROM notice WHERE topic = 'reporting'") == []


async def test_an_old_version_told_later_discharges_nothing_that_came_after_it(followed: World) -> None:
    incident = await opened(followed)
    by = followed.people["lead"]
    first = followed.clock.now()
    followed.later(minutes=2)
    await followed.do(lambda tx: note_telling(tx, by, incident, LEADER, followed.clock.now()))
    followed.later(minutes=2)
    old = TellingIn(whom="带班领导", receiver="L", version=1)
    fact = await followed.do(lambda tx: note_telling(tx, by, incident, old, followed.clock.now()))
    assert fact.tellings[-1].as_of == first
    assert fact.tellings[-1].told_at == first + timedelta(minutes=4)


def test_dispatch_and_the_rules_name_the_same_nodes_and_kinds() -> None:
    assert ReportNode == terms.Node
    assert ReportKind == terms.Kind
