"""The sign of life: while the watch is well, an address outside hears of it each minute. Silence is alarm."""

from __future__ import annotations

import asyncio

from app.api.house import House
from app.background import Lookout
from app.db import Database
from app.journal import store as journal
from app.outward.address import Address, read_address
from app.outward.call import Asked, call

EVERY_S = 60.0
WITHIN_S = 10.0
MOST = 64 * 1024
NAME = "sign_of_life"


class NotWell(Exception):
    """A part of the house is not well: no sign is given, and whoever waits for it calls somebody."""


def parse_signal(url: str) -> Address | None:
    """Read the address of the setting, None when there is none. Raises ValueError for what is no address."""
    if not url:
        return None
    if (address := read_address(url)) is None:
        raise ValueError("地址应形如 https://主机/路径 / an address looks like https://host/path")
    return address


class DeadMan(Lookout):
    """One a county: the node that leads gives the sign, after it has asked every part and the database."""

    def __init__(self, house: House, database: Database, address: Address) -> None:
        super().__init__(NAME, EVERY_S)
        self._house = house
        self._database = database
        self._address = address

    async def look(self) -> None:
        """Give the sign. Raises NotWell instead of giving it, OSError when nobody takes it."""
        parts = self._house.parts.items()
        if ill := [name for name, part in parts if name != NAME and not part.health().get("ok", True)]:
            raise NotWell(", ".join(ill))
        async with asyncio.timeout(WITHIN_S):
            async with self._database.glance() as tx:
                await journal.head(tx, self._house.settings.stream)
            answered = await call(self._address, Asked("GET", "" if self._address.path else "/"), MOST)
        if answered.status >= 300:
            raise OSError(f"HTTP {answered.status}")
