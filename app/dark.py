"""Start what works in the dark (三断): the watch over contact and messengers, our network, paper, pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack

from app.api.house import House
from app.background import Turn
from app.db import Database
from app.desk.papersheet.keeper import PaperKeeper
from app.devices.network.probe import NetworkProbe, parse_probes
from app.dispatch.contact.watcher import ContactWatcher
from app.dispatch.messenger.watcher import Messengers
from app.dispatch.reconciliation.watcher import Reconciler
from app.org.rules.access import Viewer


async def start_dark(
    stack: AsyncExitStack,
    house: House,
    database: Database,
    present: Callable[[], Iterable[Viewer]],
    turn: Turn,
) -> None:
    """Let its parts run until the stack is closed. `present` are the accounts whose screens are open.

    What looks at a node's own screens, network and folder runs on every node, the others on its turn.
    """
    settings, clock = house.settings, house.clock
    stream, zone = settings.stream, settings.zone
    addresses = parse_probes(settings.network_probes)
    probe = NetworkProbe(database, clock, stream, zone, addresses)
    contact = ContactWatcher(database, clock, stream, house.contact, present)
    messengers = Messengers(database, clock, stream)
    reconciler = Reconciler(database, clock, stream)
    paper = PaperKeeper(
        database, clock, stream, zone, house.paper_folder, settings.print_fonts, settings.paper_keep_hours
    )
    for part in (probe, contact, paper):
        await stack.enter_async_context(part.running())
    for led in (messengers, reconciler):
        await stack.enter_async_context(led.running(turn))
    house.parts.update(
        network=probe, contact=contact, messengers=messengers, reconciliation=reconciler, paper_sheet=paper
    )
