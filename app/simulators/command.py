"""What `zhishou simulate …` does; each function runs until it is cancelled (Ctrl-C)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import structlog

from app.demo.city import City, generate
from app.demo.devices import DEMO_GATEWAY
from app.demo.movement import Motion
from app.devices.mqtt.broker import Broker
from app.simulators.beidou import FREQUENCY_S, CommandMachine, CommandMachine40, Sent
from app.simulators.crew import Crew
from app.simulators.demo import RANGER_CALL, RANGER_CARD, Stage, Story, run_demo
from app.simulators.fleet import Fleet
from app.simulators.gateway import SimulatedGateway, Trouble
from app.simulators.gateway_walk import walking_radios
from app.simulators.hytera import Radio, RepeaterMachine
from app.simulators.hytera_walk import FIRST_RADIO, Walkers
from app.simulators.terminal import Pace, Terminal, TypePlate

log = structlog.get_logger()


async def simulate_terminal(
    host: str,
    port: int,
    phone: str,
    *,
    lon: float = 115.441,
    lat: float = 28.1123,
    period_s: float = 10.0,
    sos_after_s: float | None = None,
    layout_2019: bool = False,
) -> None:
    """Run one vehicle terminal that stands still; with `sos_after_s` it calls for help once."""
    terminal = Terminal(
        TypePlate(phone, "樟Z00000", layout_2019=layout_2019),
        host,
        port,
        lambda: Motion(lon, lat, 0.0, 0.0),
        pace=Pace(period_s=period_s),
        on_text=lambda text: log.info("simulated_terminal_reads", phone=phone, text=text),
    )
    with later(sos_after_s, terminal.press_sos):
        await terminal.run()


async def simulate_fleet(host: str, port: int, *, city: City | None = None, period_s: float = 10.0) -> None:
    """Run all vehicle terminals of the demo city on their patrols; their crews answer orders."""
    city = city or generate()
    crew = Crew(city.seed)

    def read(phone: str, text: str) -> None:
        crew.read(text, fleet.terminals[phone].answer)

    fleet = Fleet(city, host, port, pace=Pace(period_s=period_s), on_text=read)
    try:
        await fleet.run()
    finally:
        crew.go_home()


async def simulate_beidou(
    link_path: Path,
    *,
    frequency_s: int = FREQUENCY_S,
    sos_after_s: float | None = None,
    rdss40: bool = False,
) -> None:
    """Run a command machine behind a symbolic link that the service opens as its serial line.

    Handsets answer orders; with `sos_after_s` the ranger's calls once. Raises FileExistsError when
    `link_path` is something else than a symbolic link.
    """
    crew = Crew(seed=int(RANGER_CARD))

    def read(sent: Sent) -> None:
        log.info("simulated_handset_reads", card=sent.dest, text=sent.text)
        crew.read(sent.text, partial(machine.receive_from, sent.dest))

    kind = CommandMachine40 if rdss40 else CommandMachine
    machine = kind(frequency_s=frequency_s, on_sent=read)
    with (
        machine,
        linked(link_path, machine.path),
        later(sos_after_s, partial(machine.receive_from, RANGER_CARD, RANGER_CALL)),
    ):
        log.info("simulated_command_machine", link=str(link_path), line=machine.path)
        try:
            await asyncio.Event().wait()
        finally:
            crew.go_home()


async def simulate_hytera(
    centre: str = "127.0.0.1", *, radios: int = 6, period_s: float = 30.0, sos_after_s: float | None = None
) -> None:
    """Run a repeater whose radios walk along a road, report their places and answer orders.

    The service listens on the standard ports at `centre`. With `sos_after_s` the first radio's emergency
    key is pressed once.
    """
    crew = Crew(seed=radios)

    def read(radio: Radio, text: str) -> None:
        log.info("simulated_radio_reads", radio=radio.number, text=text)
        crew.read(text, lambda answer: machine.text(radio, answer, request=next(numbers)))

    numbers = count(1)
    machine = RepeaterMachine(centre=centre, on_text=read)
    patrol = Walkers(machine, FIRST_RADIO, radios)
    async with machine:
        with later(sos_after_s, lambda: machine.press_sos(patrol.radios[0])):
            log.info("simulated_repeater", centre=centre, radios=radios)
            try:
                await patrol.run(period_s)
            finally:
                crew.go_home()


async def simulate_demo(
    host: str,
    port: int,
    link_path: Path,
    *,
    city: City | None = None,
    period_s: float = 10.0,
    frequency_s: int = FREQUENCY_S,
    story: bool = True,
) -> None:
    """Run the whole demo: fleet, command machine behind `link_path`, crews, and the story if wanted."""
    stage = Stage(city or generate(), host, port, pace=Pace(period_s=period_s), frequency_s=frequency_s)
    with ExitStack() as links:
        await run_demo(
            stage,
            asyncio.Event(),
            on_path=lambda path: links.enter_context(linked(link_path, path)),
            story=Story() if story else None,
        )


async def simulate_gateway(
    broker: Broker,
    name: str = DEMO_GATEWAY,
    *,
    city: City | None = None,
    radios: int = 6,
    period_s: float = 30.0,
    sos_after_s: float | None = None,
    replay_after_s: float | None = None,
    trouble: Trouble | None = None,
) -> None:
    """Run an MQTT gateway with township radios that walk, report, read orders and answer them.

    `replay_after_s` sends everything once more, `trouble` delays, loses or spoils its answers.
    """
    city = city or generate()
    crew = Crew(city.seed)

    def read(number: str, text: str) -> None:
        log.info("simulated_radio_reads", radio=number, text=text)
        crew.read(text, partial(gateway.say, number))

    walkers = walking_radios(city, radios)
    gateway = SimulatedGateway(broker, name, walkers, period_s=period_s, on_text=read)
    gateway.trouble = trouble or Trouble()
    async with gateway.running():
        with (
            later(sos_after_s, partial(gateway.press_sos, walkers[0].number)),
            later(replay_after_s, gateway.replay),
        ):
            log.info("simulated_gateway", broker=broker.place, gateway=name, radios=sorted(gateway.radios))
            try:
                await asyncio.Event().wait()
            finally:
                crew.go_home()


@contextmanager
def linked(link_path: Path, target: str) -> Iterator[None]:
    """Point a symbolic link at the line, in one step: the name of a pty changes with every start."""
    if link_path.exists() and not link_path.is_symlink():
        raise FileExistsError(f"{link_path} is in the way")
    fresh = link_path.with_name(f".{link_path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link_path)
    try:
        yield
    finally:
        if link_path.is_symlink() and str(link_path.readlink()) == target:
            link_path.unlink()


@contextmanager
def later(after_s: float | None, happens: Callable[[], None]) -> Iterator[None]:
    """Let something happen once, unless the block ends before."""
    if after_s is None:
        yield
        return
    handle = asyncio.get_running_loop().call_later(after_s, happens)
    try:
        yield
    finally:
        handle.cancel()
