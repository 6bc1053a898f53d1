"""The demo's devices together: fleet, Beidou handsets behind the command machine, and a small story."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from app.clock import SystemClock
from app.demo.city import City
from app.simulators.beidou import FREQUENCY_S, CommandMachine, Sent
from app.simulators.crew import Crew
from app.simulators.fleet import Fleet
from app.simulators.terminal import Pace

log = structlog.get_logger()

RANGER_CARD = "500123"
"""The handset of the forest ranger of 阁峰镇 (domain/scenarios.md S09)."""

RANGER_CALL = "SOS 阁峰镇 2人被困"
AT_MOST_EVERY_S = 600.0
_WALL = SystemClock()


@dataclass(frozen=True, slots=True)
class Story:
    """What happens so that a newcomer sees something, in seconds from the start.

    The ranger calls after `after_s`, a vehicle `vehicle_later_s` later; again every `again_s`, which may
    not be less than AT_MOST_EVERY_S (ValueError): a demo that screams teaches to look away.
    """

    after_s: float = 20.0
    vehicle_later_s: float = 40.0
    again_s: float = 900.0

    def __post_init__(self) -> None:
        """Refuse a story that repeats itself too often."""
        if self.again_s < AT_MOST_EVERY_S:
            raise ValueError(f"a call every {self.again_s:g} s is too often")


class Stage:
    """All simulated devices of a city: `fleet`, `machine`, and the `crew` that answers what they are sent."""

    def __init__(
        self,
        city: City,
        host: str,
        port: int,
        *,
        pace: Pace | None = None,
        frequency_s: int = FREQUENCY_S,
        crew: Crew | None = None,
        now: Callable[[], datetime] = _WALL.now,
    ) -> None:
        self.crew = crew or Crew(city.seed)
        self.fleet = Fleet(city, host, port, pace=pace, now=now, on_text=self._vehicle_reads)
        self.machine = CommandMachine(frequency_s=frequency_s, now=now, on_sent=self._handset_reads)
        self._handsets = {d.number for d in city.devices if d.family == "rdss21"}

    def call_by_handset(self) -> None:
        """Let the forest ranger call for help by Beidou."""
        log.info("simulated_sos", card=RANGER_CARD, text=RANGER_CALL)
        self.machine.receive_from(RANGER_CARD, RANGER_CALL)

    def call_by_vehicle(self, turn: int = 0) -> None:
        """Let a vehicle call for help; another one each turn."""
        phones = list(self.fleet.terminals)
        phone = phones[turn % len(phones)]
        log.info("simulated_sos", phone=phone)
        self.fleet.terminals[phone].press_sos()

    def _vehicle_reads(self, phone: str, text: str) -> None:
        self.crew.read(text, self.fleet.terminals[phone].answer)

    def _handset_reads(self, sent: Sent) -> None:
        if sent.dest in self._handsets:
            self.crew.read(sent.text, lambda answer: self.machine.receive_from(sent.dest, answer))


async def run_demo(
    stage: Stage,
    stop: asyncio.Event,
    *,
    on_path: Callable[[str], None] | None = None,
    story: Story | None = None,
) -> None:
    """Run all devices until `stop` is set or this is cancelled; `on_path` is told the machine's line.

    Without a story the devices only move, listen and answer.
    """
    with stage.machine:
        if on_path:
            on_path(stage.machine.path)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(stage.fleet.run())]
                if story:
                    tasks.append(group.create_task(_tell(stage, story)))
                await stop.wait()
                for task in tasks:
                    task.cancel()
        finally:
            stage.crew.go_home()


async def _tell(stage: Stage, story: Story) -> None:
    await asyncio.sleep(story.after_s)
    turn = 0
    while True:
        stage.call_by_handset()
        await asyncio.sleep(story.vehicle_later_s)
        stage.call_by_vehicle(turn)
        turn += 1
        await asyncio.sleep(max(0.0, story.again_s - story.vehicle_later_s))
