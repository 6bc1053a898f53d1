"""What can happen to spot checks, brought about once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from app.db import Tx
from app.duty.spot_check.actions import appeal, campaign, circular, finding, rectify, reminders
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
from tests.world import EAST, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def spot_check_evening(world: World, do: Do) -> None:
    """One check called off; one with a failure put right, a circular and two appeals."""
    officer, leader, east = (world.people[name] for name in ("officer", "leader", "east"))
    now, scoring = world.clock.now, load_scoring()

    async def drawn() -> int:
        told = SpotCheckIn(title="抽查", shares=[ShareIn(method="radio", count=1)], region_codes=[EAST])
        return int(
            (await do(lambda tx: campaign.open_check(tx, officer, told, "7", now(), ZONE, scoring))).id
        )

    first = await drawn()
    later = "starts_at = starts_at + interval '1 hour', owner_id = (SELECT min(id) FROM person)"
    await world.run(f"UPDATE spot_check SET {later}")
    for minutes in (60, 10):
        world.later(minutes=minutes)
        await do(lambda tx: reminders.look(tx, STREAM, now(), ZONE))
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

    for hours in (22, 2):
        world.later(hours=hours)
        await do(lambda tx: reminders.look(tx, STREAM, now(), ZONE))
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
