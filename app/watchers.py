"""What the house watches by itself: each looks on its own clock, and each is a part of its health."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from app.api.house import House
from app.background import Lookout, Turn
from app.broadcast.watcher import BroadcastWatch
from app.broadcast.wire.carrier import Carrier
from app.broadcast.wire.heart import Heart
from app.db import Database
from app.deadman import NAME, DeadMan, parse_signal
from app.desk.archive.keeper import NAME as ARCHIVE
from app.desk.archive.keeper import ArchiveKeeper
from app.desk.handover.keeper import Keeper
from app.desk.timekeeping.watch import NAME as CLOCK
from app.desk.timekeeping.watch import ClockWatch
from app.devices.credentials.watcher import CredentialWatcher
from app.dispatch.escalator import Escalator
from app.dispatch.order.overseer import Overseer
from app.dispatch.status_call.watcher import RoundUps
from app.duty.presence.watch import CoverageWatch
from app.duty.standby.watcher import Muster
from app.exercise.watcher import DrillClock
from app.journal.anchor.seal import load_seal
from app.journal.anchor.watch import AnchorWatch
from app.reporting.exchange.courier import Courier
from app.reporting.watcher import ReportWatch
from app.response.call_and_respond.watcher import Callouts
from app.response.level.watcher import ResponseWatch
from app.response.warning.watcher import WarningWatch
from app.self_watch import NAME as SELF_WATCH
from app.self_watch import SelfWatch
from app.supplies.watcher import ExpiryWatch
from app.task.watcher import Whistles
from app.tracking.history.keeper import HistoryKeeper
from app.tracking.history.rules import Terms


@dataclass(frozen=True, slots=True)
class Lookouts:
    """Who watches what: those who look on the leader's turn, and those whose work every node shares."""

    led: dict[str, Lookout]
    shared: dict[str, Lookout]

    def every(self) -> dict[str, Lookout]:
        """Return all of them."""
        return {**self.led, **self.shared}


def lookouts(house: House, database: Database) -> Lookouts:
    """Return the watchers of a house by their names in its health.

    Clocks are kept by the node whose turn it is. Those who carry something (to peers, to platforms) or look
    into a node's own folder share the work: each claims what it takes.
    """
    clock, stream, zone, told = house.clock, house.settings.stream, house.settings.zone, house.settings
    led: dict[str, Lookout] = {
        "anchors": AnchorWatch(
            database,
            clock,
            stream,
            zone,
            load_seal(house.settings.anchor_key_file, house.settings.anchor_signature),
        ),
        "escalator": Escalator(database, clock, house.dispatch),
        "orders": Overseer(database, clock, stream, house.order_series),
        "coverage": CoverageWatch(database, clock, stream, zone, house.scoring.limits),
        "readiness": Muster(database, clock, stream, house.readiness),
        "handover": Keeper(database, clock, stream, zone),
        "drills": DrillClock(database, clock, stream),
        "whistles": Whistles(database, clock, stream),
        "status_calls": RoundUps(database, clock, stream, zone),
        "call_and_respond": Callouts(database, clock, stream, zone),
        "supplies": ExpiryWatch(database, clock, stream, house.supplies),
        "reporting": ReportWatch(database, clock, stream, house.reporting),
        "broadcasts": BroadcastWatch(database, clock, stream, house.broadcast),
        "history": HistoryKeeper(database, clock, Terms(told.positions_keep_days), told.positions_archive),
        "responses": ResponseWatch(database, clock, stream, house.readiness),
        ARCHIVE: ArchiveKeeper(database, stream),
        SELF_WATCH: SelfWatch(house, database),
    }
    shared: dict[str, Lookout] = {
        CLOCK: ClockWatch(database, clock, stream),
        "exchange": Courier(database, clock, stream, house.exchange),
        "broadcast_wire": Carrier(database, clock, stream, house.wire),
        "broadcast_links": Heart(database, clock, stream, house.wire),
        "warnings": WarningWatch(database, clock, stream, house.settings.data),
    }
    if told.gateway_credentials is not None:
        shared["credentials"] = CredentialWatcher(database, clock, stream, told.gateway_credentials)
    if (address := parse_signal(house.settings.sign_of_life_url)) is not None:
        led[NAME] = DeadMan(house, database, address)
    return Lookouts(led, shared)


async def start_watchers(stack: AsyncExitStack, house: House, database: Database, turn: Turn) -> None:
    """Let each of them look until the stack is unwound, and enter it into the health of the house."""
    found = lookouts(house, database)
    for name, watcher in found.led.items():
        house.parts[name] = await stack.enter_async_context(watcher.running(turn))
    for name, watcher in found.shared.items():
        house.parts[name] = await stack.enter_async_context(watcher.running())
