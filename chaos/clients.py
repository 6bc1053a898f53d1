"""Everybody who works in the house while it is shaken."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chaos.county import GATEWAY, County
from chaos.crew import Phone
from chaos.desk import KINDS, Dispatcher, judge, races
from chaos.field import Gateway, Vehicle
from chaos.house import House
from chaos.person import Person, Watch
from chaos.screen import Screen
from chaos.transcript import Transcript

# Who looks on: all of the county, two townships, the leader, the auditor and one who keeps the devices.
LOOKERS = ("chenjie", "wangjun", "leader", "linxi", "guanshan", "auditor", "devadmin")
FINISH_S = 240


class Clients:
    """The people, their screens and the devices of one run. `screens` are all that watch."""

    def __init__(self, house: House, county: County, folder: Path, seed: int) -> None:
        self.watch = Watch()
        self.screens: list[Screen] = []
        self._house, self._county, self._folder, self._seed = house, county, folder, seed
        self._notes: list[Transcript] = []
        self._watching: list[asyncio.Task[None]] = []
        self._working: list[asyncio.Task[None]] = []
        self._gateway: Gateway | None = None

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Let everybody work while the block lasts."""
        self._enter()
        try:
            yield
        finally:
            for task in (*self._working, *self._watching):
                task.cancel()
            await asyncio.gather(*self._working, *self._watching, return_exceptions=True)
            for notes in self._notes:
                notes.close()

    async def finished(self) -> None:
        """Let everybody end what he has begun. Raises what went wrong with a client itself."""
        self.watch.over.set()
        done, _ = await asyncio.wait(self._working, timeout=FINISH_S)
        for task in done:
            task.result()

    def facts_of_gateway(self) -> int:
        """Return how many facts the broker has confirmed to the gateway; the same place twice is no fact."""
        return self._gateway.facts if self._gateway is not None else 0

    def _enter(self) -> None:
        alarms: list[asyncio.Queue[dict[str, Any]]] = [asyncio.Queue(), asyncio.Queue()]

        def raised(told: dict[str, Any]) -> None:
            if told["type"] == "alarm.raised":
                for queue in alarms:
                    queue.put_nowait(told["alarm"])

        for number, username in enumerate(LOOKERS):
            screen = Screen(
                self._person(f"screen-{username}", username, number), raised if number == 0 else None
            )
            self._look(screen)
        for number, crew in enumerate(self._county.crews):
            for phone in crew.phones:
                one = Phone(self._person(phone, phone, number), crew.team_id)
                self._look(one.screen)
                self._work(one.work())
        for number, username in enumerate(("wangjun", "shift", "chenjie")):
            kinds = KINDS if number else KINDS[:-1]
            person = self._person(f"desk-{username}", username, number)
            self._work(Dispatcher(person, self._county, kinds).work())
        self._race_and_judge(alarms)
        self._devices()

    def _race_and_judge(self, alarms: list[asyncio.Queue[dict[str, Any]]]) -> None:
        racers = [
            Dispatcher(self._person(f"race-{n}", name, n), self._county, KINDS[:-1])
            for n, name in enumerate(("wangjun", "leader"))
        ]
        self._work(races(*racers))
        for number, (username, queue) in enumerate(zip(("chenjie", "shift"), alarms, strict=True)):
            self._work(judge(self._person(f"judge-{username}", username, number), queue))

    def _devices(self) -> None:
        lines = self._house.to_terminals
        for number, phone in enumerate(self._county.terminals):
            notes = self._note(f"terminal-{phone}")
            line = lines[number % len(lines)]
            self._work(Vehicle(phone, line, notes, self.watch, self._drawn(phone)).work())
        if self._house.has_broker:
            notes = self._note("gateway")
            line = self._house.to_broker[-1]
            drawn = self._drawn("gateway")
            self._gateway = Gateway(GATEWAY, self._county.radios, line, notes, self.watch, drawn)
            self._work(self._gateway.work())

    def _person(self, who: str, username: str, at: int) -> Person:
        notes = self._note(who)
        notes.note("is", account=username)
        return Person(username, self._house.to_web, notes, self.watch, self._drawn(who), at=at)

    def _note(self, who: str) -> Transcript:
        notes = Transcript(self._folder, who)
        self._notes.append(notes)
        return notes

    def _drawn(self, who: str) -> random.Random:
        return random.Random(f"{self._seed} {who}")

    def _look(self, screen: Screen) -> None:
        self.screens.append(screen)
        self._watching.append(asyncio.create_task(screen.watch()))

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        self._working.append(asyncio.create_task(work))
