"""Asks a few addresses outside every ten seconds whether the public network is there."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from zoneinfo import ZoneInfo

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.delivery.network import actions as network
from app.delivery.network.rules import probe_turn

LOOK_EVERY_S = 10.0
ANSWER_WITHIN_S = 3.0
Address = tuple[str, int]


def parse_probes(setting: str) -> tuple[Address, ...]:
    """Read `host:port,host:port`. Raises ValueError in both languages."""
    found: list[Address] = []
    for part in (one.strip() for one in setting.split(",")):
        if not part:
            continue
        host, _, port = part.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"ZHISHOU_NETWORK_PROBES 有误:{part},应为 主机:端口 / not host:port: {part}")
        found.append((host.strip("[]"), int(port)))
    return tuple(found)


class NetworkProbe(Lookout):
    """One a process. Any one address that answers is enough; without addresses nobody is asked."""

    def __init__(
        self, database: Database, clock: Clock, stream: str, zone: ZoneInfo, addresses: Sequence[Address]
    ) -> None:
        super().__init__("network", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._zone = zone
        self._addresses = tuple(addresses)
        self._outcomes: deque[bool] = deque(maxlen=3)

    async def look(self) -> bool | None:
        """Ask once; return what the last answers say, None when that is not sure or nobody is asked."""
        if not self._addresses:
            return None
        answers = await asyncio.gather(*(_answers(one) for one in self._addresses))
        self._outcomes.append(any(answers))
        there = probe_turn(list(self._outcomes))
        if there is not None:
            async with self._database.transaction() as tx:
                await network.probed(tx, self._stream, self._clock.now(), self._zone, there=there)
        return there

    def health(self) -> dict[str, object]:
        """Return what the last answer was. A network that is away is no fault of the house."""
        last = self._outcomes[-1] if self._outcomes else None
        return self._rounds.health(reached=last, asked=len(self._addresses))


async def _answers(address: Address) -> bool:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            _, writer = await asyncio.open_connection(*address)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
