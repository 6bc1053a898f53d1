"""Bringing a phone into the state in which it is used: what must work, what may fail, what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.devices.adapters.at_calls import CELLULAR, TIANTONG, Stage
from app.devices.adapters.at_words import Command
from app.devices.modem import Modem

_NUMBER = re.compile(r'"(\+?[0-9]{5,20})"')
_TIANTONG = re.compile(r"HTDM|HWA|TT-|TIANTONG", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{14,16}")

# Each row: the first command that works is enough, and none of them is worth failing for.
OPTIONAL = (
    ("AT+CREG=1",),
    ("AT+CSMS=0",),
    ('AT+CPMS="SM","SM","SM"', 'AT+CPMS="ME","ME","ME"'),
    ("AT+CLIP=1",),
)
# Stored and announced, or handed over at once; reports are handed over at once (TS 27.005 §3.4.1).
NOTIFICATIONS = ("AT+CNMI=2,1,0,1,0", "AT+CNMI=1,2,2,1,0")


class NotReady(Exception):
    """The phone answers but cannot be used yet; the text says why (`no_sim`, `sim_pin`, `no_pdu_mode`)."""


@dataclass(frozen=True, slots=True)
class Plate:
    """What the phone is, and what it can do by itself.

    `announces`: new messages are told of (else they are looked for); `tells_calls`: ^DSCI works.
    """

    maker: str = ""
    model: str = ""
    firmware: str = ""
    imei: str = ""
    number: str = ""
    announces: bool = False
    tells_calls: bool = False

    @property
    def call_states(self) -> Mapping[int, Stage]:
        """The model's ^DSCI table: unknown models are taken for Tiantong, the only one seen to have it."""
        known_other = self.maker.upper().startswith(("QUECTEL", "HUAWEI", "SIMCOM"))
        return TIANTONG if _TIANTONG.search(self.model) or not known_other else CELLULAR


async def set_up(modem: Modem) -> Plate:
    """Make the phone ready and read its plate. Raises NotReady, LinkLost."""
    for text in ("AT", "ATE0", "AT+CMEE=1"):
        await modem.ask(text)
    pin = await modem.ask("AT+CPIN?")
    if pin.ok and not pin.value().startswith("READY"):
        raise NotReady("sim_" + pin.value().removeprefix("SIM ").lower()[:20].replace(" ", "_"))
    if not pin.ok and pin.code is not None:  # a plain ERROR: an old phone that does not know the question
        raise NotReady("no_sim")
    maker, model, firmware, imei = [
        await _said(modem, f"AT+{name}") for name in ("CGMI", "CGMM", "CGMR", "CGSN")
    ]
    if not (await modem.ask("AT+CMGF=0")).ok:
        raise NotReady("no_pdu_mode")
    for row in OPTIONAL:
        await _first_that_works(modem, row)
    announces = await _first_that_works(modem, NOTIFICATIONS)
    tells_calls = await _first_that_works(modem, ("AT^DSCI=1",))
    number = _NUMBER.search((await modem.ask("AT+CNUM")).value())
    return Plate(
        maker,
        model,
        firmware,
        found[0] if (found := _DIGITS.search(imei)) else "",
        number[1] if number else "",
        announces,
        tells_calls,
    )


async def _first_that_works(modem: Modem, texts: tuple[str, ...]) -> bool:
    for text in texts:
        if (await modem.ask(text)).ok:
            return True
    return False


async def _said(modem: Modem, text: str) -> str:
    answer = await modem.ask(Command(text, bare=True))
    return answer.value()[:60] if answer.ok else ""


def signal_pct(csq: str) -> float | None:
    """Read the value of +CSQ: 0 to 31 (TS 27.007 §8.5), 0 to 5 bars when it stands alone; None if unknown."""
    fields = csq.split(",")
    if not fields[0].strip().isdecimal():
        return None
    level, most = int(fields[0]), 31 if len(fields) > 1 else 5
    return round(100 * level / most, 1) if level <= most else None


def registered(creg: str) -> bool | None:
    """Read the value of +CREG?: at home or roaming (TS 27.007 §7.2); None if it says nothing."""
    match = re.match(r"[0-9] *, *([0-9])", creg)
    return match[1] in "15" if match else None
