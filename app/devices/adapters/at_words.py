"""What goes over an AT line: a command, how it ended, a word that nobody asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NORMAL_S = 5.0
LIMITS_S: Mapping[str, float] = MappingProxyType(
    {
        "AT+CFUN": 15.0,
        "AT+CMGL": 20.0,
        "AT+CMGS": 120.0,  # a satellite is slow
        "ATD": 60.0,
        "ATA": 60.0,
        "AT+SBDIX": 90.0,
        "AT+SBDWB": 60.0,
    }
)
"""How long a command may take; the longest prefix counts."""

_NAME = re.compile(r"(?:AT)?([+^$*-][A-Z0-9]+|[A-Z][A-Z ]*)")


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `payload` is written when the phone prompts for it (`> ` or a line READY).

    `bare`: it answers in lines without a name (AT+CGSN). `binary`: it answers with an SBD frame.
    """

    text: str
    payload: bytes = b""
    prompt: str = ">"
    bare: bool = False
    binary: bool = False

    @property
    def name(self) -> str:
        """How lines of its answer begin."""
        match = _NAME.match(self.text)
        name = match[1] if match else ""
        return "+SBDIX" if name == "+SBDIXA" else name

    @property
    def limit_s(self) -> float:
        """Seconds until it is given up."""
        fits = [prefix for prefix in LIMITS_S if self.text.startswith(prefix)]
        return LIMITS_S[max(fits, key=len)] if fits else NORMAL_S

    @property
    def is_call(self) -> bool:
        """Whether NO CARRIER and the like are its end, and not a call's."""
        return self.text.startswith(("ATD", "ATA"))


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended: a final result of the phone, TIMEOUT, or REBOOT (it started anew meanwhile)."""

    command: Command
    final: str
    lines: tuple[str, ...] = ()
    code: int | None = None
    frame: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether it was carried out."""
        return self.final in ("OK", "CONNECT")

    def value(self) -> str:
        """Return the first line of the answer without its name, "" for none."""
        line = self.lines[0] if self.lines else ""
        return line.removeprefix(f"{self.command.name}:").strip()


@dataclass(frozen=True, slots=True)
class Unasked:
    """What the phone said by itself (URC); `pdu` is the line of hex that +CMT and +CDS bring."""

    line: str
    pdu: str = ""

    @property
    def name(self) -> str:
        """Its name: `+CMTI`, `RING`."""
        match = _NAME.match(self.line)
        return match[1].strip() if match else self.line
