"""An evening on which everything happens that can happen to rosters and the people in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.duty.feeds import actions as feeds
from app.duty.feeds.facts import FeedIn
from app.duty.leave import actions as leave
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.posts import actions as posts
from app.duty.posts.commands import PostPatch, SeatIn, SeatsIn
from app.duty.presence.actions import attendance, gaps, leader
from app.duty.presence.commands import ArrivalIn, LeaderCallIn, LeavingIn, StandInIn
from app.duty.roster.actions import changes, publish
from app.duty.roster.commands import DraftIn, OverrideIn, PublishIn, RotationIn, TemporaryIn
from app.duty.swaps.actions import decision, offers
from app.duty.swaps.commands import FilingIn, SwapDecisionIn, SwapIn, TakeIn
from app.duty.swaps.facts import SwapFact
from tests.desk.handover_evening import hand_over
from tests.dispatch.status_evening import status_evening
from tests.duty.checklist_evening import checklist_evening
from tests.duty.county import CENTRE, CLERK, INTAKE, JULY, LEADER, cell, full_day, moment, settle_in
from tests.duty.notice_evening import notice_evening
from tests.duty.spot_check_evening import spot_check_evening
from tests.duty.standby_evening import standby_evening
from tests.org.people_evening import people_evening
from tests.world import STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def duty_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of duty; `do` runs an action and checks what it checks."""
    await world.do(settle_in)
    await notice_evening(world, do)
    await standby_evening(world, do)
    await checklist_evening(world, do)
    await spot_check_evening(world, do)
    await status_evening(world, do)
    await people_evening(world, do)
    await _rosters(world, do)
    await _posts(world, do)
    await _leave(world, do)
    await _swaps(world, do)
    await hand_over(world, do)
    await do(lambda tx: decision.review(tx, STREAM, world.clock.now()))  # the last swap was overtaken
    await _presence(world, do)
    await _feeds(world, do)


async def _feeds(world: World, do: Do) -> None:
    lead, now = world.people["lead"], world.clock.now
    made = await do(lambda tx: feeds.make(tx, lead, FeedIn(post_id=CENTRE), now()))
    await do(lambda tx: feeds.revoke(tx, lead, made.id, now()))


async def _rosters(world: World, do: Do) -> None:
    lead, now = world.people["lead"], world.clock.now
    draft = DraftIn(version=0, cells=[*full_day(1, 100), *full_day(2, 107)])
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
        await do(lambda tx, id_=asked.id, word=word: leave.decide(tx, leader, id_, word, now(), ZONE))  # type: ignore[misc]
        if approved:
            await do(lambda tx, id_=asked.id: leave.withdraw(tx, lead, id_, now(), ZONE))  # type: ignore[misc]


async def _swaps(world: World, do: Do) -> None:
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now
    taker = replace(lead, person_id=131)
    mine = "SELECT id FROM shift WHERE person_id = 100 AND state = 'planned' ORDER BY id LIMIT 1"

    async def asked() -> SwapFact:
        shift = (await world.rows(mine))[0]["id"]
        offer = SwapIn(shift_id=shift, taker_id=131, reason="家中有事")
        swap: SwapFact = await do(lambda tx: offers.ask(tx, lead, offer, now(), ZONE))
        return swap

    async def taken() -> SwapFact:
        swap = await asked()
        held: SwapFact = await do(lambda tx: offers.take(tx, taker, swap.id, TakeIn(), now(), ZONE))
        return held

    first = await asked()
    await do(lambda tx: offers.withdraw(tx, lead, first.id, now()))
    for approved in (False, True):
        swap, word = await taken(), SwapDecisionIn(approved=approved)
        await do(lambda tx, id_=swap.id, word=word: decision.decide(tx, leader, id_, word, now(), ZONE))  # type: ignore[misc]
    await do(lambda tx: offers.file(tx, lead, swap.id, FilingIn(filed_as="7"), now()))
    await do(lambda tx: decision.revoke(tx, leader, swap.id, now(), ZONE))
    await taken()
    world.later(hours=4)
    await do(lambda tx: decision.review(tx, STREAM, now()))


async def _presence(world: World, do: Do) -> None:
    """In August somebody comes and goes, a seat is filled, the leader is out of reach."""
    lead, leader_, now = world.people["lead"], world.people["leader"], world.clock.now
    august = JULY.replace(month=8)
    cells = [cell(CLERK, 106, "08-01 08:00"), cell(LEADER, 100, "08-01 08:00", 48)]
    draft = DraftIn(version=0, cells=cells)
    await do(lambda tx: publish.save_draft(tx, lead, CENTRE, august, draft, now(), ZONE))
    told = PublishIn(version=1, accepting=["COVERAGE_GAP"])
    await do(lambda tx: publish.publish(tx, lead, CENTRE, august, told, now(), ZONE))
    world.clock.advance(moment("08-01 08:00") - now())
    officer = replace(lead, person_id=106)
    await do(lambda tx: attendance.arrive(tx, lead, ArrivalIn(person_id=106), now()))
    await do(lambda tx: attendance.leave(tx, leader_, LeavingIn(person_id=106, note="吃饭"), now()))
    here = ArrivalIn(means="phone", lon=118.2, lat=28.5)
    await do(lambda tx: attendance.arrive(tx, officer, here, now()))
    world.later(minutes=16)
    await do(lambda tx: attendance.prompt_silent(tx, STREAM, now()))
    await do(lambda tx: gaps.look(tx, STREAM, now(), ZONE))
    (gap, *_) = await world.rows("SELECT id FROM coverage_gap WHERE seat_id = :seat", seat=INTAKE)
    filler = StandInIn(person_id=125, gap_id=gap["id"])
    await do(lambda tx: gaps.stand_in(tx, lead, CENTRE, filler, now(), ZONE))
    await world.run("UPDATE duty_seat SET needed = 0 WHERE id IN (3, 5)")
    await do(lambda tx: gaps.look(tx, STREAM, now(), ZONE))
    await do(lambda tx: attendance.leave(tx, officer, LeavingIn(), now()))
    call = LeaderCallIn(answered=False)
    for _ in range(3):
        await do(lambda tx: leader.note_call(tx, lead, CENTRE, call, now(), ZONE))


async def _posts(world: World, do: Do) -> None:
    """A post gets another line, another rotation, a deputy."""
    lead, now = world.people["lead"], world.clock.now
    await do(lambda tx: posts.amend(tx, lead, CENTRE, PostPatch(lines=["rescue"]), now()))
    told = RotationIn(seat_id=LEADER, kind="daily", starts_at=now(), groups=[[100], [110]])
    made = await do(lambda tx: posts.add_rotation(tx, lead, CENTRE, told, now(), ZONE))
    rotation = made.rotations[0].id
    await do(lambda tx: posts.end_rotation(tx, lead, CENTRE, rotation, now()))
    needed = {"leader_in_charge": 1, "shift_lead": 1, "intake": 2, "dispatch_comms": 2, "clerk": 1}
    seats = SeatsIn(seats=[SeatIn(role=role, needed=count) for role, count in needed.items()])
    await do(lambda tx: posts.set_seats(tx, lead, CENTRE, seats, now()))
