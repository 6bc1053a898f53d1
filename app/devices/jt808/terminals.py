"""The driver of all JT/T 808 terminals: they call us by TCP, orders and questions go down their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.devices.adapters.jt808 import encode
from app.devices.driver import Driver, Probed, Rig
from app.devices.jt808.memory import TerminalMemory
from app.devices.jt808.parameters import Outcome, named, read, written
from app.devices.jt808.questions import TooManyQuestions
from app.devices.jt808.session import CHANNEL, FAMILY, Jt808Session
from app.devices.links.tcp import Jt808Server
from app.devices.metrics import SENT
from app.org import store as org
from app.org.store import DeviceFact

ANSWER_WITHIN_S = 10.0
PROVED_FOR = timedelta(seconds=5)
"""How long a terminal may speak before it is made sure again that the register still lets it."""

PROVED_AT_ONCE = 4000  # a look: twice a second, so that 20,000 lines are renewed before memory of them ends
MOST_AT_ONCE = 4  # questions for parameters: each holds a connection of the database while it waits
HELD_BY_ANOTHER_NODE = timedelta(minutes=2)
"""A terminal that is not on line here but was heard so lately calls another node of ours."""


class Terminals:
    """Holds the TCP server, sends to whoever is connected and asks whoever can answer."""

    name = FAMILY

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._lines: dict[int, Jt808Session | None] = {}  # as they were at the last look
        self._asking = 0
        self._memories: defaultdict[int, TerminalMemory] = defaultdict(TerminalMemory)
        self.server = Jt808Server(
            rig.settings.jt808_host,
            rig.settings.jt808_port,
            lambda write, joined: Jt808Session(
                rig.register, rig.pump, rig.clock, write, joined, self._memories.__getitem__
            ),
            rig.settings.jt808_max_links,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Terminals]:
        """Listen while the block lasts."""
        async with self.server.running():
            yield self

    def health(self) -> dict[str, object]:
        """Return how many lines are open and how many terminals have proved themselves."""
        return self.server.health()

    async def send_waiting(self) -> None:
        """Cut who may no longer speak; send the oldest waiting text of each terminal with none in flight."""
        if not (ids := self.server.device_ids()):
            return
        await self._prove(ids)
        leaving: list[tuple[Jt808Session, bytes]] = []
        lines = {key: self.server.session(key) for key in ids}
        back = [key for key, session in lines.items() if self._lines.get(key) is not session]
        async with self._rig.database.transaction() as tx:
            now = self._rig.clock.now()
            if back:  # out of the tunnel: what was to be tried later is tried now
                await deliveries.hurry(tx, CHANNEL, back)
            for row in await deliveries.next_for_devices(tx, CHANNEL, ids, now):
                session = self.server.session(row.device_id or 0)
                if session is None or session.terminal is None:
                    continue
                body = encode.text(row.body, to=session.terminal, urgent=True)
                ref, frames = session.reserve(encode.TEXT, body)
                await delivery.submit(tx, row, ref, 1, now)
                leaving.append((session, frames))
        self._lines = lines
        for session, frames in leaving:
            session.write(frames)
            SENT.labels(CHANNEL).inc()

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask a terminal where it is (0x8201): one that answers works, with a fix or without."""
        if device.family != FAMILY:
            return None
        session = self.server.session(device.id)
        if session is None:
            return await self._absent(device)
        try:
            answer = await session.ask(encode.QUERY_LOCATION, encode.NOTHING, ANSWER_WITHIN_S)
        except TooManyQuestions:
            answer = None
        if answer is None:
            said, passed = f"{ANSWER_WITHIN_S:g} 秒内无应答 / no answer within {ANSWER_WITHIN_S:g} s", False
        elif answer.result:
            said, passed = "有应答,不支持位置查询 / answers, but knows no location query", True
        elif answer.body.get("fixed"):
            said, passed = "有应答,已定位 / answers, has a fix", True
        else:
            said, passed = "有应答,未定位 / answers, has no fix", True
        return Probed(passed, "location_query", said)

    async def parameters(self, device: DeviceFact, wanted: Mapping[str, int]) -> Outcome | None:
        """Set parameters of a terminal (0x8103) if any are wanted, then read all (0x8104).

        `wanted` is by name, as in `terminal_parameters.NAMES`. None when the terminal is not connected
        here. Each question waits ten seconds for its answer. Raises TooManyQuestions.
        """
        session = self.server.session(device.id)
        if session is None:
            return None
        if self._asking >= MOST_AT_ONCE:
            raise TooManyQuestions
        self._asking += 1
        try:
            return await self._parameters(session, wanted)
        finally:
            self._asking -= 1

    async def _parameters(self, session: Jt808Session, wanted: Mapping[str, int]) -> Outcome:
        if wanted:
            body = encode.set_parameters(written(wanted))
            answer = await session.ask(encode.SET_PARAMETERS, body, ANSWER_WITHIN_S, acknowledged=True)
            if answer is None:
                return Outcome("no_answer")
            if answer.result:
                return Outcome("refused")
        answer = await session.ask(encode.QUERY_PARAMETERS, encode.NOTHING, ANSWER_WITHIN_S)
        told = read(answer.body.get("parameters", ())) if answer else {}
        if wanted:
            return Outcome("set", named(told), told)
        if answer is None or answer.result:
            return Outcome("refused" if answer else "no_answer")
        return Outcome("read", named(told), told)

    async def _absent(self, device: DeviceFact) -> Probed | None:
        async with self._rig.database.transaction() as tx:
            heard_at = await org.last_heard_at(tx, device.id)
        if heard_at is not None and self._rig.clock.now() - heard_at < HELD_BY_ANOTHER_NODE:
            return None
        return Probed(
            passed=False, method="location_query", detail="终端不在线 / the terminal is not connected"
        )

    async def _prove(self, ids: list[int]) -> None:
        """Make sure that connected terminals still stand in the register, with their code.

        What was learnt of them on this occasion is remembered, so that their messages need not ask.
        """
        now = self._rig.clock.now()
        due: dict[str, int] = {}
        for device_id in ids:
            session = self.server.session(device_id)
            if session is None or session.device is None or len(due) >= PROVED_AT_ONCE:
                continue
            if session.proved_at is None or now - session.proved_at >= PROVED_FOR:
                session.proved_at = now
                due[session.device.number] = device_id
        if not due:
            return
        for number in await self._rig.register.renew(FAMILY, list(due)):
            self.server.cut(due[number], "no_longer_registered")


def drivers(rig: Rig) -> list[Driver]:
    """Return the one driver of all terminals."""
    return [Terminals(rig)]
