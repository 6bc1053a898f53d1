"""Everything that can happen in the dark, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery.messages import Message, queue
from app.delivery.network import actions as network
from app.delivery.network.commands import LateDecisionIn, NetworkIn
from app.desk.late import actions as late
from app.desk.late.commands import LateEntryIn
from app.desk.timekeeping import actions as timekeeping
from app.dispatch.contact.actions import restoring, watching
from app.dispatch.contact.commands import ContactAttemptIn, ContactCloseIn
from app.dispatch.contact.settings import shipped
from app.dispatch.contact.store import units
from app.dispatch.messenger import actions as messengers
from app.dispatch.messenger.commands import MessengerIn, MessengerReportIn
from app.dispatch.reconciliation import actions as pairs
from app.dispatch.reconciliation.commands import PairDecisionIn
from app.org.rules.access import Concern
from tests.world import EAST, EAST_BANK, LIMITS, STREAM, WEST, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def dark_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of the dark."""
    await _contact(world, do)
    await _network(world, do)
    await _errand(world, do)
    await _twice(world, do)
    now = world.clock.now()
    await do(lambda tx: timekeeping.note(tx, STREAM, "一号机", now - timedelta(minutes=7), now))


async def _contact(world: World, do: Do) -> None:
    by, rules = world.people["officer"], shipped()
    await world.run("UPDATE login_session SET expires_at = expires_at + interval '9 days'")
    await world.do(lambda tx: _log_in(tx, world))
    await do(lambda tx: units.note_signs(tx, STREAM, [EAST, WEST], "app", world.clock.now()))
    await do(lambda tx: watching.look(tx, STREAM, rules, world.clock.now()))
    for _ in range(6):
        world.later(minutes=1)
        await do(lambda tx: watching.look(tx, STREAM, rules, world.clock.now()))
    (first, second) = [
        one.id for one in await do(lambda tx: restoring.listed(tx, by, rules, world.clock.now()))
    ]
    now = world.clock.now()
    await do(lambda tx: restoring.take(tx, by, first, rules, now))
    told = ContactAttemptIn(means="radio_370", result="reached", words="平安")
    await do(lambda tx: restoring.attempt(tx, by, first, told, rules, now))
    await do(lambda tx: restoring.close(tx, by, second, ContactCloseIn(reason="人已到中心"), rules, now))
    await do(lambda tx: units.note_signs(tx, STREAM, [EAST, WEST], "app", world.clock.now()))
    await do(lambda tx: watching.look(tx, STREAM, rules, world.clock.now()))


async def _log_in(tx: Tx, world: World) -> None:
    for name in ("east", "west"):
        await tx.execute(
            text(
                "INSERT INTO login_session (token_hash, account_id, created_at, expires_at) "
                "VALUES (:token, :account, CAST(:now AS timestamptz), "
                "CAST(:now AS timestamptz) + interval '9 days')"
            ),
            {"token": f"desk-of-{name}", "account": world.people[name].account_id, "now": world.clock.now()},
        )


async def _network(world: World, do: Do) -> None:
    by = world.people["officer"]
    await do(lambda tx: network.suspect(tx, STREAM, world.clock.now()))
    await do(lambda tx: network.say(tx, by, NetworkIn(state="offline"), world.clock.now(), ZONE))
    at = world.clock.now()
    message = Message(
        STREAM, "jt808", "13900000001", "速回", Concern((EAST,)), at + timedelta(minutes=5), device_id=1
    )
    number = await do(lambda tx: queue(tx, message, at))
    world.later(minutes=6)
    await do(lambda tx: delivery.give_up_waiting(tx, world.clock.now()))
    await do(lambda tx: network.say(tx, by, NetworkIn(state="online"), world.clock.now(), ZONE))
    told = LateDecisionIn(decision="again", reason="仍需执行")
    await do(lambda tx: network.decide(tx, by, number, told, world.clock.now(), ZONE))


async def _errand(world: World, do: Do) -> None:
    by, now = world.people["officer"], world.clock.now()
    told = MessengerIn(
        messenger="赵刚",
        region_code=EAST,
        villages=[EAST_BANK],
        words="带回名单",
        expected_at=now + timedelta(hours=1),
    )
    run = await do(lambda tx: messengers.send(tx, by, told, now))
    await do(lambda tx: messengers.arrive(tx, by, run.id, MessengerReportIn(), world.clock.now()))
    world.later(hours=1)
    await do(lambda tx: messengers.look(tx, STREAM, world.clock.now()))
    report = MessengerReportIn(report="12 人平安", channel="messenger", voucher="赵刚")
    await do(lambda tx: messengers.come_back(tx, by, run.id, report, world.clock.now()))


async def _twice(world: World, do: Do) -> None:
    by, now = world.people["officer"], world.clock.now()
    for channel in ("satellite_phone", "messenger"):
        told = LateEntryIn(
            kind="report",
            region_code=EAST_BANK,
            text="东岸村房屋倒塌两户",
            happened_at=now - timedelta(minutes=30),
            told_at=now,
            channel=channel,
            voucher="村主任",
        )
        await do(lambda tx, told=told: late.enter(tx, by, told, now, LIMITS))  # type: ignore[misc]
    await do(lambda tx: pairs.look(tx, STREAM, now))
    (pair, *_) = await do(lambda tx: pairs.listed(tx, by, settled=False))
    same = PairDecisionIn(decision="same", reason="同一件事")
    await do(lambda tx: pairs.decide(tx, by, pair.id, same, now))
