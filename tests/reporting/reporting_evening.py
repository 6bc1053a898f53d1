"""Everything that can happen to reporting, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from app.db import Tx
from app.dispatch.actions import incidents
from app.dispatch.actions.telling import note_telling
from app.dispatch.commands import IncidentIn, TellingIn
from app.reporting.actions import knowledge, late
from app.reporting.actions.ring import ring
from app.reporting.actions.take_up import tell_taken_up
from app.reporting.commands import LateReasonIn, ReportKnownIn
from app.reporting.follow import follow_incidents
from app.reporting.rulebook.actions import versions
from app.reporting.rulebook.commands import RulesDraftIn, RulesDropIn, RulesPublishIn
from app.reporting.settings import file_text, load_reporting
from tests.world import EAST_HILL, OPEN_KIND, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
POLICY = load_reporting(None, "", ZONE)
LEADER = TellingIn(whom="带班领导", receiver="L")


async def rules_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of the rules' versions."""
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now()
    text = RulesDraftIn(text=file_text(None), profiles=list(POLICY.profiles))
    made = [(await do(lambda tx: versions.draft(tx, lead, POLICY, text, now))).id for _ in range(2)]
    again = text.model_copy(update={"revision": 1})
    await do(lambda tx: versions.edit(tx, lead, POLICY, made[0], again, now))
    told = RulesPublishIn(revision=2, published_last=0, reason="县里定的")
    await do(lambda tx: versions.publish(tx, leader, POLICY, made[0], told, now))
    await do(lambda tx: versions.drop(tx, lead, made[1], RulesDropIn(revision=1), now))
    await do(lambda tx: tell_taken_up(tx, STREAM, made[0], 1, now))


async def reporting_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of reporting."""
    follow_incidents(world.database, POLICY)
    by, clock = world.people["officer"], world.clock
    told = IncidentIn(event_code=OPEN_KIND, region_code=EAST_HILL)
    made = (await do(lambda tx: incidents.open_by_hand(tx, by, told, clock.now(), ZONE))).id
    wrong = ReportKnownIn(kind="learned", name="T", at=clock.now())
    await do(lambda tx: knowledge.note_known(tx, by, POLICY, made, wrong, clock.now()))
    (entry,) = await world.rows(
        "SELECT id FROM reporting_fact WHERE kind = 'learned' AND incident_id = :i", i=made
    )
    right = wrong.model_copy(update={"corrects": entry["id"], "reason": "误记"})
    await do(lambda tx: knowledge.note_known(tx, by, POLICY, made, right, clock.now()))
    for minutes in (3, 3):
        world.later(minutes=minutes)
        await do(lambda tx: ring(tx, STREAM, POLICY, made, clock.now()))
    await do(lambda tx: note_telling(tx, by, made, LEADER, clock.now()))
    (due,) = await world.rows(
        "SELECT id FROM report_due WHERE incident_id = :i AND receiver = 'L' AND state = 'done'", i=made
    )
    await rules_evening(world, do)
    why = LateReasonIn(reason="线路占用")
    await do(lambda tx: late.give_reason(tx, by, POLICY, due["id"], why, clock.now()))
