"""Everything that can happen to broadcasts, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.broadcast import ports
from app.broadcast.actions import after, approving, drafting, stopping
from app.broadcast.commands import (
    BroadcastApprovalIn,
    BroadcastConsentIn,
    BroadcastDrawIn,
    BroadcastDropIn,
    BroadcastEditIn,
    BroadcastHeardIn,
    BroadcastReturnIn,
    BroadcastRevisionIn,
    BroadcastStopIn,
    SpeakerRepairDoneIn,
    SpeakerRepairOwnerIn,
)
from app.broadcast.watcher import BroadcastWatch
from app.db import Tx
from tests.broadcast.loudspeakers import EAST_BANK, EAST_HILL, TERMS, Speakers, code, install
from tests.world import STREAM, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def broadcast_evening(world: World, do: Do, check: Callable[[str], Awaitable[None]]) -> None:
    """Bring about every kind of event of broadcasts."""
    await world.do(install)
    air, officer, lead = Speakers(world), world.people["officer"], world.people["lead"]

    def now() -> Any:
        return world.clock.now()

    number = await air.draft()
    read = BroadcastRevisionIn(revision=1)
    await do(lambda tx: drafting.submit(tx, officer, number, read, now()))
    back = BroadcastReturnIn(revision=2, remarks="写明地点")
    await do(lambda tx: approving.send_back(tx, lead, number, back, now()))
    told = BroadcastEditIn(revision=3, **air.sheet().model_dump(mode="json"))
    await do(lambda tx: drafting.edit(tx, officer, number, told, now()))
    await do(lambda tx: drafting.submit(tx, officer, number, BroadcastRevisionIn(revision=4), now()))
    await do(lambda tx: approving.approve(tx, lead, number, BroadcastApprovalIn(revision=5), now(), TERMS))
    (row,) = await air.take()
    await air.receipt(row)
    ebmid = row.payload["ebmid"]
    played = [ports.TerminalResult(code(EAST_BANK), 3), ports.TerminalResult(code(EAST_HILL), 4)]
    await do(lambda tx: ports.note_results(tx, ebmid, played, now()))
    await do(lambda tx: ports.note_message_state(tx, ebmid, 4, "部分", now()))
    await do(lambda tx: after.draw(tx, officer, number, BroadcastDrawIn(count=1), now()))
    (drawn,) = await world.rows("SELECT region_code FROM broadcast_verification")
    heard = BroadcastHeardIn(answer="heard")
    await do(lambda tx: after.answered(tx, officer, number, drawn["region_code"], heard, now()))
    (repair,) = await world.rows("SELECT id FROM broadcast_repair")
    await do(
        lambda tx: after.take_repair(tx, officer, repair["id"], SpeakerRepairOwnerIn(owner="李师傅"), now())
    )
    await do(
        lambda tx: after.finish_repair(tx, officer, repair["id"], SpeakerRepairDoneIn(note="修好"), now())
    )
    await _by_telephone(world, do, air)
    dropped = await air.draft()
    await do(lambda tx: drafting.drop(tx, officer, dropped, BroadcastDropIn(reason="不播了"), now()))
    await air.draft(start_at=now(), end_at=now() + timedelta(minutes=10))
    world.later(minutes=31)
    await BroadcastWatch(world.database, world.clock, STREAM, TERMS).look()
    await check("the clock of broadcasts")


async def _by_telephone(world: World, do: Do, air: Speakers) -> None:
    officer, lead, now = world.people["officer"], world.people["lead"], world.clock.now()
    number = await air.draft()
    told = BroadcastConsentIn(revision=1, consent_of="带班领导", phone="13900000000", at=now, words="同意")
    await do(lambda tx: approving.consent(tx, officer, number, told, now, TERMS))
    signed = await air.draft()
    await do(lambda tx: approving.consent(tx, officer, signed, told, now, TERMS))
    await do(lambda tx: approving.countersign(tx, lead, signed, now))
    for row in await air.take():
        await do(lambda tx, row=row: ports.note_handover(tx, row.id or 0, "refused", "忙", now))  # type: ignore[misc]
    third = await air.send()
    await do(lambda tx: stopping.stop(tx, officer, third, BroadcastStopIn(reason="误播"), now, TERMS))
