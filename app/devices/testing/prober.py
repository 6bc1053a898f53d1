"""Ask a device whether it works, through whichever driver reaches it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.clock import Clock
from app.devices.driver import Driver, HolderCaller, Probed
from app.org.store import DeviceFact

REMEMBER = timedelta(minutes=10)
MAX_REMEMBERED = 5000


class Prober:
    """The drivers of this node, as far as they can ask; remembers for a while whom none of them can."""

    def __init__(self, drivers: Sequence[Driver], clock: Clock) -> None:
        self._drivers = {driver.name: driver for driver in drivers}
        self._clock = clock
        self._out_of_reach: OrderedDict[tuple[int, str | None, bool], datetime] = OrderedDict()

    @property
    def names(self) -> list[str]:
        """The drivers' names."""
        return list(self._drivers)

    def might_ask(self, device_id: int, heard_via: str | None, *, by_person: bool = False) -> bool:
        """Whether it is worth trying: there are drivers, and they were not found unable just now."""
        if not self._drivers:
            return False
        since = self._out_of_reach.get((device_id, heard_via, by_person))
        return since is None or self._clock.now() - since >= REMEMBER

    async def ask(self, device: DeviceFact, *, by_person: bool = False) -> Probed | None:
        """Ask through the driver the device was heard through, else through the first that can.

        Its holder is asked for an answer only `by_person`, and only where no driver can ask the device
        itself. None when none can. Raises whatever a driver raises: that says nothing about the device.
        """
        via = device.heard_via or ""  # a driver of many gateways names the one: gateway:<id>
        drivers = sorted(
            self._drivers.values(),
            key=lambda driver: via != driver.name and not via.startswith(f"{driver.name}:"),
        )
        callers = [driver for driver in drivers if by_person and isinstance(driver, HolderCaller)]
        for ask in (*(d.probe for d in drivers), *(d.call_holder for d in callers)):
            if (probed := await ask(device)) is not None:
                return probed
        self._out_of_reach[device.id, device.heard_via, by_person] = self._clock.now()
        while len(self._out_of_reach) > MAX_REMEMBERED:
            self._out_of_reach.popitem(last=False)
        return None
