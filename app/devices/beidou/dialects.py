"""How the three protocols of Beidou machines ask for the card and the signal, and send a text to a card."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.devices.adapters import rdss21, rsmc
from app.devices.adapters.rdss40 import encode as rdss40
from app.signals import Health, Receipt

SIGNAL_EVERY_S = 10
ENOUGH_LEVEL = 2  # of 0 to 4, better 3 (protocols/beidou.md §1.4)
ENOUGH_DBHZ = 40  # RSMC: more than 40 to 45 (§3)
PACE_MARGIN = timedelta(seconds=2)
LONGEST_PACE = timedelta(minutes=10)
_TOP_LEVEL = 4
_NO_DBHZ, _FULL_DBHZ = 30, 50


@dataclass(frozen=True, slots=True)
class Dialect:
    """One protocol. `largest` is the largest card number that it can address."""

    ask_card: Callable[[], bytes]
    ask_signal: Callable[[], bytes]
    send: Callable[[int, str], bytes]
    command: str  # what the machine's feedback quotes
    largest: int


DIALECTS: Mapping[str, Dialect] = {
    "rdss21": Dialect(
        rdss21.ccica,
        lambda: rdss21.ccrmo("BSI", 2, SIGNAL_EVERY_S),
        lambda dest, text: rdss21.cctxa(dest, text),
        "TXA",
        99_999_999,
    ),
    "rdss40": Dialect(
        rdss40.icjc,
        lambda: rdss40.xtzj(SIGNAL_EVERY_S),
        lambda dest, text: rdss40.txsq(dest, text),
        "TXSQ",
        (1 << 24) - 1,
    ),
    "rsmc": Dialect(
        rsmc.ccicr,
        lambda: rdss21.ccrmo("PWI", 2, SIGNAL_EVERY_S),
        lambda dest, text: rsmc.cctcq(dest, text),
        "TCQ",
        99_999_999,
    ),
}


@dataclass
class Card:
    """What the machine told of the card in it, and so the pace in which messages may leave."""

    number: str = ""
    freq: timedelta = timedelta(seconds=60)
    level: int = 3

    @classmethod
    def of(cls, facts: Mapping[str, float | int | str]) -> Card | None:
        """Read it from what a machine tells of itself; None when that is something else."""
        if "card_number" not in facts:
            return None
        freq = timedelta(seconds=float(facts.get("freq_s") or 60))
        return cls(str(facts["card_number"]), min(freq, LONGEST_PACE), int(float(facts.get("level") or 0)))

    @property
    def pace(self) -> timedelta:
        """How long to wait from one message to the next."""
        return self.freq + PACE_MARGIN

    def may_send(self, last_at: datetime | None, now: datetime, wait: timedelta = timedelta()) -> bool:
        """Whether the next message may leave; `wait` is what the machine asked for beyond the pace."""
        return last_at is None or now - last_at >= max(self.pace, wait)

    def wait_after(self, refusal: Receipt) -> timedelta:
        """Return how long to wait after a message that the machine refused."""
        asked = timedelta(seconds=refusal.retry_after_s) if refusal.retry_after_s else self.freq
        return asked + PACE_MARGIN


@dataclass(frozen=True, slots=True)
class Signal:
    """The best beam as the machine told it: a level of 0 to 4, or dB-Hz of an RSMC machine."""

    level: int | None = None
    dbhz: float | None = None

    @classmethod
    def of(cls, facts: Mapping[str, float | int | str]) -> Signal | None:
        """Read it from what a machine tells of itself; None when that is something else."""
        if "signal_level" in facts:
            return cls(level=int(facts["signal_level"]))
        if "signal_dbhz" in facts:
            return cls(dbhz=float(facts["signal_dbhz"]))
        return None

    @property
    def ready(self) -> bool:
        """Whether a message may be sent."""
        if self.level is not None:
            return self.level >= ENOUGH_LEVEL
        return self.dbhz is not None and self.dbhz > ENOUGH_DBHZ

    @property
    def percent(self) -> float | None:
        """The signal as the register keeps it; None before it was told."""
        if self.level is not None:
            return min(100.0, 100 * self.level / _TOP_LEVEL)
        if self.dbhz is None:
            return None
        return min(100.0, max(0.0, 100 * (self.dbhz - _NO_DBHZ) / (_FULL_DBHZ - _NO_DBHZ)))

    def words(self) -> str:
        """Say it to people."""
        if self.level is not None:
            return f"最强波束 {self.level} 级 / best beam {self.level} of 4"
        return f"最强波束 {self.dbhz:g} dB-Hz / best beam {self.dbhz:g} dB-Hz"


def own_health(told: Iterable[Health], signal: Signal) -> Health:
    """Say what a machine told of itself as the register keeps it with its card."""
    facts = {key: value for one in told for key, value in one.facts if key != "card_number"}
    if Signal.of(facts) is not None:
        facts["signal_pct"] = signal.percent or 0
    return Health(tuple(facts.items()))


def card_number(address: str, largest: int = (1 << 24) - 1) -> int:
    """Read a card's address. Raises ValueError for what is no number from 1 to `largest`."""
    if not (address.isascii() and address.isdigit() and len(address) < 10 and 0 < int(address) <= largest):
        raise ValueError(f"{address[:40]!r} is no card number")
    return int(address)
