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
from app.duty.spot_check.actions import appeal, campaign, circular, finding, rectify
from app.duty.spot_check.commands import (
    AppealDecisionIn,
    AppealIn,
    CircularIn,
    ConfirmIn,
    EvidenceIn,
    LeaderIn,
    MethodIn,
    PhoneResultIn,
    ShareIn,
    SpotCheckIn,
)
from app.duty.spot_check.settings import load_scoring
from tests.duty.county import CENTRE, INTAKE, JULY, LEADER, full_day, moment, settle_in
from tests.world import EAST, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def duty_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of duty; `do` runs an action and checks what it checks."""
    await world.do(settle_in)
    await _rosters(world, do)
    await _leave(world, do)
    await _spot_checks(world, do)


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


async def _spot_checks(world: World, do: Do) -> None:
    """One check called off; one with a failure put right, a circular and two appeals."""
    officer, leader, east = (world.people[name] for name in ("officer", "leader", "east"))
    now, scoring = world.clock.now, load_scoring()

    async def drawn() -> int:
        told = SpotCheckIn(title="抽查", shares=[ShareIn(method="radio", count=1)], region_codes=[EAST])
        return int(
            (await do(lambda tx: campaign.open_check(tx, officer, told, "7", now(), ZONE, scoring))).id
        )

    first = await drawn()
    await do(lambda tx: campaign.cancel(tx, officer, first, now()))
    check = await drawn()
    (row,) = await world.rows("SELECT id FROM spot_finding WHERE spot_check_id = :id", id=check)
    post = int(row["id"])
    await do(lambda tx: finding.set_method(tx, officer, post, MethodIn(method="phone"), now()))
    silent = PhoneResultIn(method="phone", answered=False)
    for _ in range(scoring.limits.tries):
        await do(lambda tx: finding.call(tx, officer, post, now(), ZONE))
        await do(lambda tx: finding.record(tx, officer, post, silent, now(), scoring.limits))
        world.later(minutes=5)
    await do(
        lambda tx: finding.note_leader(tx, officer, post, LeaderIn(reached=False), now(), scoring.limits)
    )
    await do(lambda tx: campaign.finish(tx, officer, check, now(), scoring))

    for done in (False, True):
        await do(lambda tx: rectify.report(tx, east, 1, EvidenceIn(evidence="已整改"), now()))
        await do(lambda tx, done=done: rectify.confirm(tx, officer, 1, ConfirmIn(done=done), now()))  # type: ignore[misc]
    words = AppealIn(failure="leader_unreachable", evidence="会议中")
    for upheld in (False, True):
        asked = await do(lambda tx: appeal.ask(tx, east, post, words, now()))
        told = AppealDecisionIn(upheld=upheld)
        await do(lambda tx, id_=asked.id, told=told: appeal.decide(tx, leader, id_, told, now()))  # type: ignore[misc]

    await do(lambda tx: circular.draft(tx, officer, check, now(), ZONE, scoring))
    text = CircularIn(version=1, title="通报", body="内容")
    await do(lambda tx: circular.edit(tx, officer, check, text, now()))
    await do(lambda tx: circular.sign(tx, leader, check, 2, now()))
    await do(lambda tx: circular.issue(tx, officer, check, now()))
    await do(lambda tx: circular.receive(tx, east, check, now()))
