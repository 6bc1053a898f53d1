"""The network goes, comes back, and what waited leaves exactly once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import actions as deliveries
from app.delivery import store as messages
from app.delivery.network import store
from app.delivery.network.commands import LateDecisionIn, NetworkIn
from app.delivery.network.events import CentreNetworkChanged, LateMessageDecided
from app.delivery.network.facts import CentreNetworkFact, FoundBy, LateMessageFact, NetworkView
from app.delivery.network.refusals import LateDecided
from app.delivery.network.rules import PUBLIC_CHANNELS, is_late, marked
from app.delivery.network.tables import CentreNetwork
from app.delivery.rules import ORDER_LIFETIME
from app.delivery.tables import Delivery
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, may_see, require
from app.refusals import NotFound, NotPermitted

MOST_LATE = 200
What = Literal["network.suspected", "network.offline", "network.back"]


async def view(tx: Tx, by: Viewer, now: datetime) -> NetworkView:
    """Return the network, what waits in this person's scope, and what waits for his decision."""
    require(by, "see_desk")
    found = await store.undecided(tx, by.stream, MOST_LATE)
    return NetworkView(
        network=await store.current(tx, by.stream, now),
        waiting=await store.waiting(tx, by.stream, by.scope),
        late=[one for one, concern in found if may_see(by, concern)],
    )


async def say(tx: Tx, by: Viewer, told: NetworkIn, now: datetime, zone: ZoneInfo) -> CentreNetworkFact:
    """Take in what an officer of the centre knows of its network. Raises NotPermitted."""
    require(by, "command")
    if by.scope != by.stream:
        raise NotPermitted
    if told.state == "offline":
        await lose(tx, by.stream, now, "hand", by)
    else:
        if told.state == "units_silent":
            row = await store.locked(tx, by.stream, now)
            row.trusted_at = now
        await come_back(tx, by.stream, now, zone, by)
    return await store.current(tx, by.stream, now)


async def suspect(tx: Tx, stream: str, now: datetime) -> bool:
    """Note that everybody fell silent at once: that is our own network until a person knows better."""
    row = await store.locked(tx, stream, now)
    if row.state != "online":
        return False
    await _turn(tx, row, "suspected", "silence", now)
    return True


async def clear(tx: Tx, stream: str, now: datetime) -> bool:
    """Note that the suspicion has gone: the units are heard again. An outage is not ended by this."""
    row = await store.locked(tx, stream, now)
    if row.state != "suspected":
        return False
    await _turn(tx, row, "online", "silence", now)
    return True


async def lose(tx: Tx, stream: str, now: datetime, found_by: FoundBy, by: Viewer | None = None) -> bool:
    """Note that the network is away: what needs it waits. False if that is known."""
    row = await store.locked(tx, stream, now)
    if row.state == "offline":
        return False
    await _turn(tx, row, "offline", found_by, now, by)
    return True


async def come_back(tx: Tx, stream: str, now: datetime, zone: ZoneInfo, by: Viewer | None = None) -> bool:
    """Note that the network is there: what waited may leave, late words marked, too old ones kept back.

    Under the lock of the county's row and in one commit: a process that dies before it has done nothing,
    and after it there is nothing left to do.
    """
    row = await store.locked(tx, stream, now)
    if row.state == "online":
        return False
    away_since, channels = row.since, list(row.channels) or list(PUBLIC_CHANNELS)
    late = 0
    waiting = await store.held(tx, stream, channels) if row.state == "offline" else []
    for message in waiting:
        late += await _released(tx, message, now, zone)
    too_old = await store.keep_too_old(tx, stream, channels, away_since) if row.state == "offline" else 0
    await _turn(tx, row, "online", row.found_by, now, by, (len(waiting), late, too_old))  # type: ignore[arg-type]
    return True


async def _released(tx: Tx, message: Delivery, now: datetime, zone: ZoneInfo) -> int:
    """Let one message go, or end it when it is too old; return 1 if it leaves late."""
    if message.expires_at <= now:
        if deliveries.move(message, "expire", now, "too_late"):
            await deliveries.note(tx, message, now)
        return 0
    message.not_before = None
    if not is_late(message.queued_at, now):
        return 0
    message.body = marked(message.body, message.queued_at, zone)
    return 1


async def _turn(
    tx: Tx,
    row: CentreNetwork,
    state: Literal["online", "suspected", "offline"],
    found_by: FoundBy,
    now: datetime,
    by: Viewer | None = None,
    counts: tuple[int, int, int] = (0, 0, 0),
) -> None:
    row.state, row.since, row.found_by = state, now, found_by
    row.by_name = by.name if by else ""
    row.channels = list(PUBLIC_CHANNELS) if state == "offline" else []
    await tx.flush()
    kinds: dict[str, What] = {
        "online": "network.back",
        "suspected": "network.suspected",
        "offline": "network.offline",
    }
    waiting, late, too_old = counts
    event = CentreNetworkChanged(
        type=kinds[state], network=store.fact(row), waiting=waiting, late=late, too_old=too_old
    )
    concern = Concern((row.stream.ljust(12, "0"),))
    await journal.append(tx, row.stream, now, [journal.Entry(event, concern)], actor(by) if by else None)


async def probed(tx: Tx, stream: str, now: datetime, zone: ZoneInfo, *, there: bool) -> None:
    """Take in what the probe says. What a person said by hand only a person takes back."""
    row = await store.locked(tx, stream, now)
    if there:
        row.probed_at = now
        if row.state != "online" and row.found_by != "hand":
            await come_back(tx, stream, now, zone)
    elif row.state != "offline":
        await lose(tx, stream, now, "probe")


async def decide(
    tx: Tx, by: Viewer, delivery_id: int, told: LateDecisionIn, now: datetime, zone: ZoneInfo
) -> LateMessageFact:
    """Decide about a message that was too old: once more with its first time on it, or never.

    Raises LateDecided, NotFound, NotPermitted.
    """
    require(by, "command")
    found = await store.late(tx, by.stream, delivery_id)
    if found is None or not may_see(by, found[1]):
        raise NotFound("该迟发消息", "late message")
    row = await store.locked_late(tx, by.stream, delivery_id)
    assert row is not None
    if row.decided_at is not None:
        raise LateDecided(row.by_name)
    row.decision, row.reason, row.by_name, row.decided_at = told.decision, told.reason, by.name, now
    if told.decision == "again":
        row.again_id = await _again(tx, delivery_id, now, zone)
    await tx.flush()
    decided = await store.late(tx, by.stream, delivery_id)
    assert decided is not None
    event = LateMessageDecided(type="network.late_decided", message=decided[0])
    entry = journal.Entry(event, decided[1], decided[0].incident_id)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return decided[0]


async def _again(tx: Tx, delivery_id: int, now: datetime, zone: ZoneInfo) -> int:
    old = await messages.locked(tx, delivery_id)
    assert old is not None
    row = Delivery(
        **old.model_dump(
            include={
                "stream",
                "assignment_id",
                "incident_id",
                "order_recipient_id",
                "team_id",
                "device_id",
                "concern_regions",
                "concern_teams",
                "restricted",
                "readers",
                "channel",
                "address",
                "addressee",
            }
        ),
        body=marked(old.body, old.queued_at, zone),
        queued_at=now,
        expires_at=now + ORDER_LIFETIME,
    )
    tx.add(row)
    await tx.flush()
    assert row.id is not None
    return row.id
