"""An evening on which everything happens that can happen to rosters and the people in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.duty.leave import actions as leave
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.roster.actions import changes, publish
from app.duty.roster.commands import DraftIn, OverrideIn, PublishIn, TemporaryIn
from tests.duty.county import CENTRE, INTAKE, JULY, LEADER, full_day, moment, settle_in
from tests.duty.standby_evening import standby_evening
from tests.world import ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def duty_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of duty; `do` runs an action and checks what it checks."""
    await world.do(settle_in)
    await _rosters(world, do)
    await _leave(world, do)
    await standby_evening(world, do)


async def _rosters(world: World, do: Do) -> None:
    lead, now = world.people["lead"], world.clock.now
    draft = DraftIn(version=0, cells=full_day(1, 100))
    await do(lambda tx: publish.save_draft(tx, lead, CENTRE, JULY, draft, now(), ZONE))
    told = PublishIn(version=1, accepting=["COVERAGE_GAP"])
    await do(lambda tx: publish.publish(tx, lead, CENTRE, JULY, told, now(), ZONE))
    start, end = moment("07-01 10:00"), moment("07-01 12:00")
    other = OverrideIn(seat_id=LEADER, add_person_id=120, starts_at=start, ends_at=end, reason="加班")
    made = await do(lambda tx: changes.override(tx, lead, CENTRE, other, now(), ZONE))
    await do(lambda tx: changes.revoke_override(tx, lead, CENTRE, made.id, now(), ZONE))
    only = TemporaryIn(seat_id=INTAKE, starts_at=start, ends_at=end, shifts=[], reason="停电")
    held = await do(lambda tx: changes.set_temporary(tx, lead, CENTRE, only, now(), ZONE))
    await do(lambda tx: changes.revoke_temporary(tx, lead, CENTRE, held.id, now(), ZONE))


async def _leave(world: World, do: Do) -> None:
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now
    for days, approved in ((1, True), (3, False)):
        start = now() + timedelta(days=days)
        told = LeaveIn(person_id=130, kind="annual", starts_at=start, ends_at=start + timedelta(days=1))
        asked = await do(lambda tx, told=told: leave.ask(tx, lead, told, now()))  # type: ignore[misc]
        word = DecisionIn(approved=approved)
        await do(lambda tx, id_=asked.id, word=word: leave.decide(tx, leader, id_, word, now()))  # type: ignore[misc]
        if approved:
            await do(lambda tx, id_=asked.id: leave.withdraw(tx, lead, id_, now()))  # type: ignore[misc]
