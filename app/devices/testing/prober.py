"""Ask a device whether it works, through whichever driver reaches it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.clock import Clock
from app.devices.driver import Driver, Probed
from app.org.store import DeviceFact

REMEMBER = timedelta(minutes=10)
MAX_REMEMBERED = 5000


class Prober:
    """The drivers of this node, as far as they can ask; remembers for a while whom none of them can."""

    def __init__(self, drivers: Sequence[Driver], clock: Clock) -> None:
        self._drivers = {driver.name: driver for driver in drivers}
        self._clock = clock
        self._out_of_reach: OrderedDict[tuple[int, str | None], datetime] = OrderedDict()

    @property
    def names(self) -> list[str]:
        """The drivers' names."""
        return list(self._drivers)

    def might_ask(self, device_id: int, heard_via: str | None) -> bool:
        """Whether it is worth trying: there are drivers, and they were not found unable just now."""
        if not self._drivers:
            return False
        since = self._out_of_reach.get((device_id, heard_via))
        return since is None or self._clock.now() - since >= REMEMBER

    async def ask(self, device: DeviceFact) -> Probed | None:
        """Ask through the driver the device was heard through, else through the first that can.

        None when none can. Raises whatever a driver raises: that says nothing about the device.
        """
        via = device.heard_via or ""  # a driver of many gateways names the one: gateway:<id>
        for driver in sorted(
            self._drivers.values(),
            key=lambda driver: via != driver.name and not via.startswith(f"{driver.name}:"),
        ):
            probed = await driver.probe(device)
            if probed is not None:
                return probed
        self._out_of_reach[device.id, device.heard_via] = self._clock.now()
        while len(self._out_of_reach) > MAX_REMEMBERED:
            self._out_of_reach.popitem(last=False)
        return None
