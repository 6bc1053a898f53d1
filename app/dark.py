"""Start what works in the dark (三断): the watch over contact and messengers, our network, paper, pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack

from app.api.house import House
from app.background import Lookout, Turn
from app.db import Database
from app.desk.papersheet.keeper import PaperKeeper
from app.devices.network.probe import NetworkProbe, parse_probes
from app.dispatch.contact.watcher import ContactWatcher
from app.dispatch.messenger.watcher import Messengers
from app.dispatch.reconciliation.watcher import Reconciler
from app.org.rules.access import Viewer

_LED = ("messengers", "reconciliation")


def dark_lookouts(
    house: House, database: Database, present: Callable[[], Iterable[Viewer]]
) -> dict[str, Lookout]:
    """Return its parts by their names in the health. `present` are the accounts whose screens are open."""
    settings, clock = house.settings, house.clock
    stream, zone = settings.stream, settings.zone
    addresses = parse_probes(settings.network_probes)
    return {
        "network": NetworkProbe(database, clock, stream, zone, addresses),
        "contact": ContactWatcher(database, clock, stream, house.contact, present),
        "paper_sheet": PaperKeeper(
            database, clock, stream, zone, house.paper_folder, settings.print_fonts, settings.paper_keep_hours
        ),
        "messengers": Messengers(database, clock, stream),
        "reconciliation": Reconciler(database, clock, stream),
    }


async def start_dark(
    stack: AsyncExitStack,
    house: House,
    database: Database,
    present: Callable[[], Iterable[Viewer]],
    turn: Turn,
) -> None:
    """Let its parts run until the stack is closed.

    What looks at a node's own screens, network and folder runs on every node, the others on its turn.
    """
    for name, part in dark_lookouts(house, database, present).items():
        running = part.running(turn) if name in _LED else part.running()
        house.parts[name] = await stack.enter_async_context(running)
