"""Taking a rung: the messages and calls of a step of the ladder, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import structlog

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.actions import move
from app.delivery.rules import CHANNEL_OF_FAMILY, ORDER_LIFETIME, order_text_for
from app.delivery.tables import Delivery
from app.dispatch.ladder.facts import AskedFact
from app.dispatch.ladder.holds import MAINTENANCE, Hold
from app.dispatch.ladder.means import Means, PersonAsk, means_of
from app.dispatch.ladder.rules import Ask, Climb, Ladder, Place, base, climb, wait
from app.dispatch.store import incidents
from app.dispatch.tables import Assignment, Incident
from app.new_row import made, write_new
from app.org import store as org
from app.org.store import TextDevice
from app.org.tables import Team

log = structlog.get_logger()
PERSON_ASKS = frozenset({"voice", "deputy", "unit_head", "leader"})


@dataclass(frozen=True, slots=True)
class OrderWords:
    """Where and what an order is about, as its messages say it."""

    place: str
    event_name: str


async def begin(
    tx: Tx, incident: Incident, team: Team, assignment: Assignment, now: datetime, ladder: Ladder
) -> None:
    """Take the first rung there are means for, now; the clock of the order begins."""
    means, first = await start(tx, incident, team, assignment, now, ladder)
    if first is not None:
        await take(tx, incident, assignment, first, means, now, ladder)


async def start(
    tx: Tx, incident: Incident, team: Team, assignment: Assignment, now: datetime, ladder: Ladder
) -> tuple[Means, Climb | None]:
    """Let the clock of the order begin; return the means and the first rung to take, None while it waits."""
    assignment.escalation_began_at = now
    assignment.escalation_stopped_by = assignment.escalation_stopped_reason = None
    means = await means_of(tx, team, incident, now, ladder)
    if means.off:
        assignment.escalation_step, assignment.escalation_taken = -1, 0
        hold(assignment, MAINTENANCE)
        return means, None
    first = climb(ladder, Place(round=assignment.escalation_round), means.asks)
    assert first is not None  # the last rung asks the leader, whose board is always there
    return means, first


def hold(assignment: Assignment, why: Hold) -> None:
    """Let a ladder wait, and keep why."""
    assignment.escalation_held, assignment.next_step_at = why.code, why.until


async def take(
    tx: Tx,
    incident: Incident,
    assignment: Assignment,
    step: Climb,
    means: Means,
    now: datetime,
    ladder: Ladder,
) -> None:
    """Ask all that the rung asks and set the timer of the next. Raises as `ask_all` does."""
    mark(assignment, step, means, now, ladder)
    await ask_all(tx, incident, assignment, step.asks, means, now)


async def ask_all(
    tx: Tx,
    incident: Incident,
    assignment: Assignment,
    asks: Sequence[Ask],
    means: Means,
    now: datetime,
    about: OrderWords | None = None,
) -> None:
    """Write what every ask of a rung sends. `about`: the words of an order that has just been written.

    Each ask stands by itself: one that fails holds up no other (design/field.md complaint 24). Raises the
    last failure when none could be made; where there is but one, that fails the whole.
    """
    failures: list[Exception] = []
    for ask in asks:
        try:
            async with tx.begin_nested() if len(asks) > 1 else nullcontext():
                await _send(tx, incident, assignment, ask, means, now, about)
        except Exception as error:  # noqa: BLE001  told, and the others are asked
            log.error("rung_failed", assignment=assignment.id, ask=ask, error=repr(error))
            failures.append(error)
    if failures and len(failures) == len(asks):
        raise failures[-1]


def mark(assignment: Assignment, step: Climb, means: Means, now: datetime, ladder: Ladder) -> None:
    """Write down that a rung is taken, whom it asks, and when the next is due."""
    rung = ladder.rungs[step.place.rung].id
    for ask in step.asks:
        if ask in PERSON_ASKS:
            call(assignment, rung, means.people[cast("PersonAsk", ask)], now)
    if "leader" in step.asks:
        assignment.leader_alerted_at = assignment.leader_alerted_at or now
    assignment.escalation_step, assignment.escalation_rung = step.place.rung, rung
    assignment.escalation_held = None
    assignment.escalation_taken = step.place.taken
    assignment.escalation_round = step.place.round
    pause = wait(ladder, step.place)
    assignment.next_step_at = base(assignment.next_step_at, now) + pause if pause else None


async def _send(
    tx: Tx,
    incident: Incident,
    assignment: Assignment,
    ask: Ask,
    means: Means,
    now: datetime,
    about: OrderWords | None,
) -> None:
    if ask == "app":
        await post(tx, incident, assignment, None, now, about)
    elif ask == "text":
        await post(tx, incident, assignment, means.devices[0], now, about)
    elif ask == "other_texts":
        used = await deliveries.channels_of_assignment(tx, assignment.id or 0)
        for device in means.devices:
            if CHANNEL_OF_FAMILY[device.family] not in used:
                await post(tx, incident, assignment, device, now)


def call(assignment: Assignment, rung: str, people: tuple[AskedFact, ...], now: datetime) -> None:
    """Write down who is to be called; who was called before is called again, and counted."""
    called = [AskedFact.model_validate(one) for one in assignment.called]
    for one in people:
        before = next((c for c in called if (c.person_id, c.name) == (one.person_id, one.name)), None)
        times = 1 if before is None else before.times + (before.asked_at != now)
        called = [c for c in called if c is not before]
        called.append(one.model_copy(update={"rung": rung, "times": times, "asked_at": now}))
    assignment.called = [one.model_dump(mode="json") for one in called]


async def post(
    tx: Tx,
    incident: Incident,
    assignment: Assignment,
    device: TextDevice | None,
    now: datetime,
    about: OrderWords | None = None,
) -> None:
    """Write the outgoing message of an order: to the team's app, or as a text to one of its devices.

    An older one that still waits on the same channel gives way to it; an order past its time is not fired.
    With `about` the order has just been written: nothing older can wait.
    """
    expires_at = assignment.escalation_began_at + ORDER_LIFETIME  # it ages, whatever rung carries it
    if now >= expires_at:
        return
    channel, address = "app", f"team:{assignment.team_id}"
    if device is not None:
        channel, address = CHANNEL_OF_FAMILY[device.family], device.number
    if about is None:
        for row in await deliveries.unended_of_assignment(tx, assignment.id or 0):
            if (row.channel, row.address, row.state) == (channel, address, "queued"):
                move(row, "cancel", now, "superseded")
        event_type = await incidents.event_type(tx, incident.event_scheme, incident.event_code)
        place = await org.region_path(tx, incident.region_code) + incident.address
        about = OrderWords(place, event_type.name_zh if event_type else "")
    await write_new(
        tx,
        made(
            Delivery,
            stream=incident.stream,
            assignment_id=assignment.id,
            incident_id=incident.id,
            team_id=assignment.team_id,
            device_id=device.device_id if device else None,
            concern_regions=incident.concern_regions,
            concern_teams=incident.concern_teams,
            restricted=incident.restricted,
            readers=incident.readers,
            channel=channel,
            address=address,
            body=order_text_for(channel, incident.number, about.place, about.event_name, assignment.text),
            queued_at=now,
            expires_at=expires_at,
        ),
    )
