"""What `zhishou simulate satphone` and `… sbd` do; each runs until it is cancelled (Ctrl-C)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog

from app.simulators.at_line import AtPhone
from app.simulators.command import later, linked
from app.simulators.crew import Crew
from app.simulators.satphone import SatellitePhone, SentText
from app.simulators.sbd import SbdModem

log = structlog.get_logger()
FAR_PHONE = "+8617400000005"
CALL_FOR_HELP = "SOS 东山村道路中断,被困12人,118.2312,28.5321"

DEMO_TEXT = "公网中断,改用卫星电话联络,道路正在抢通"
RINGS_FOR_S = 15.0
"""So long does a caller of the demo wait for an answer."""


@dataclass(frozen=True, slots=True)
class PhoneScript:
    """What happens to a simulated phone, in seconds from the start; None or False: nothing.

    `delay_receipts_s` holds every receipt back, `lose_receipts` loses it; `rssi` 99 is no signal.
    """

    number: str = FAR_PHONE
    text: str = CALL_FOR_HELP
    text_after_s: float | None = None
    call_after_s: float | None = None
    restart_after_s: float | None = None
    noise_after_s: float | None = None
    rssi: int = 25
    lose_receipts: bool = False
    delay_receipts_s: float = 0.0
    wrong_place: bool = False


async def simulate_satphone(place: str, script: PhoneScript) -> None:
    """Run one satellite phone behind a symbolic link (`/tmp/phone`), or by TCP (`socket://127.0.0.1:4001`).

    Whoever is sent an order answers it; calls that are dialled are taken after three seconds.
    """
    crew = Crew(seed=17)

    def read(sent: SentText) -> None:
        log.info("simulated_phone_reads", number=sent.number, text=sent.text)
        crew.read(sent.text, partial(phone.receive, sent.number))

    phone = SatellitePhone(on_sent=read)
    phone.rssi, phone.registered = script.rssi, script.rssi != 99
    phone.receipts, phone.receipt_delay_s = not script.lose_receipts, script.delay_receipts_s
    phone.wrong_place = script.wrong_place
    phone.answers_after_s = 3.0
    async with at(phone, place):
        with ExitStack() as plans:
            for after_s, happens in (
                (script.text_after_s, partial(phone.receive, script.number, script.text)),
                (script.call_after_s, partial(phone.call_from, script.number)),
                (_sum(script.call_after_s, RINGS_FOR_S), phone.hang_up),
                (script.restart_after_s, phone.restart),
                (script.noise_after_s, partial(phone.raw, b'\x00\xff\r\n+CMTI: "SM"\r\nRIN')),
            ):
                plans.enter_context(later(after_s, happens))
            try:
                await asyncio.Event().wait()
            finally:
                crew.go_home()
                phone.close()


def _sum(after_s: float | None, more_s: float) -> float | None:
    return None if after_s is None else after_s + more_s


async def simulate_sbd(
    place: str,
    *,
    bars: int = 4,
    status: int = 0,
    text: str = CALL_FOR_HELP,
    text_after_s: float | None = None,
) -> None:
    """Run one SBD modem with its gateway; `status` is the MO status of its sessions (32 no service)."""

    def took(content: bytes) -> None:
        log.info("simulated_gateway_takes", text=content.decode("utf-8", "replace"))

    modem = SbdModem(on_sent=took)
    modem.bars, modem.status = bars, status
    async with at(modem, place):
        with later(text_after_s, partial(modem.send_down, text.encode())):
            await asyncio.Event().wait()


async def simulate_satellites(folder: Path, *, story: bool = True) -> None:
    """Run the demo's satellite phone and SBD modem, behind links in its data folder."""
    script = PhoneScript(text=DEMO_TEXT, text_after_s=75.0, call_after_s=150.0) if story else PhoneScript()
    async with asyncio.TaskGroup() as group:
        group.create_task(simulate_satphone(str(folder / "satphone"), script))
        group.create_task(simulate_sbd(str(folder / "sbd")))


@asynccontextmanager
async def at(phone: AtPhone, place: str) -> AsyncIterator[None]:
    """Put a simulated modem where the service will look for it."""
    if place.startswith("socket://"):
        host, _, port = place.removeprefix("socket://").rpartition(":")
        async with phone.on_tcp(host, int(port)):
            log.info("simulated_modem", place=f"socket://{host}:{phone.port}")
            yield
        return
    phone.plug_in()
    try:
        with linked(Path(place), phone.path):
            log.info("simulated_modem", place=place, line=phone.path)
            yield
    finally:
        phone.pull_out()
