"""The two protocols a simulated Beidou command machine can speak, behind one set of questions and answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from app.devices.adapter import Codec, Reading
from app.devices.adapters import rdss21, rdss40
from app.devices.adapters.payload import capacity_bits, from_hex
from app.devices.adapters.rdss40 import encode as rdss40_encode
from app.devices.adapters.sentence import decimal, sentence

_URGENT_BITS = 188  # 特快 messages (protocols/beidou.md §1.6)
_BITS_PER_HANZI = 14


@dataclass(frozen=True, slots=True)
class AskCard:
    """The host asks which card is in the machine."""


@dataclass(frozen=True, slots=True)
class AskStatus:
    """The host wants the beam levels every so many seconds: 0 once, None never again."""

    every_s: float | None


@dataclass(frozen=True, slots=True)
class Transmit:
    """The host wants a message sent. `dest` is a card number without leading zeros, "" if it is none."""

    dest: str
    text: str
    raw: bytes
    bits: int
    urgent: bool


Request = AskCard | AskStatus | Transmit


class Verdict(Enum):
    """What the machine says to a message: taken is not delivered."""

    TAKEN = "taken"
    TOO_SOON = "too_soon"
    SUPPRESSED = "suppressed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Card:
    """The card in the machine (用户卡): its number, service frequency (服务频度) and level (通信等级)."""

    number: int
    frequency_s: int
    level: int

    def fits(self, message: Transmit) -> bool:
        """Whether a message is within what the card may send at once."""
        limit = capacity_bits(self.level)
        return 0 < message.bits <= (min(limit, _URGENT_BITS) if message.urgent else limit)


class Dialect(Protocol):
    """How one protocol asks and answers."""

    def codec(self) -> Codec:
        """Return a fresh decoder of what the host writes."""
        ...

    def request(self, reading: Reading) -> Request | None:
        """Return what the host wants, None for what this machine does not do."""
        ...

    def card(self, card: Card) -> bytes:
        """Tell the card."""
        ...

    def status(self, card: Card, beams: tuple[int, ...]) -> bytes:
        """Tell the levels of the beams, each 0 to 4."""
        ...

    def feedback(self, card: Card, verdict: Verdict, wait_s: int) -> bytes:
        """Say whether a message was taken, and how long to wait if it came too soon."""
        ...

    def received(self, card: Card, sender: int, text: str) -> bytes:
        """Hand over a message of another card."""
        ...


class Rdss21:
    """RDSS 2.1, sentences of ASCII (§2)."""

    def codec(self) -> Codec:
        """Return a fresh decoder of what the host writes."""
        return rdss21.ADAPTER.codec()

    def request(self, reading: Reading) -> Request | None:
        """Read CCICA for the own card, CCRMO of BSI or of all, CCTXA."""
        fields = reading.fields
        if reading.kind == "CCICA" and fields.get("type") == "0":
            return AskCard()
        if reading.kind == "CCRMO":
            return _status_order(fields.get("target"), fields.get("mode"), fields.get("interval", ""))
        if reading.kind == "CCTXA":
            return _cctxa(fields)
        return None

    def card(self, card: Card) -> bytes:
        """BDICI."""
        return rdss21.bdici(card.number, freq_s=card.frequency_s, level=card.level)

    def status(self, card: Card, beams: tuple[int, ...]) -> bytes:
        """BDBSI: response beam 1, time difference beam 2, ten levels."""
        return sentence("BDBSI", 1, 2, *(beams * 10)[:10])

    def feedback(self, card: Card, verdict: Verdict, wait_s: int) -> bytes:
        """BDFKI for TXA."""
        return rdss21.bdfki(
            "TXA",
            ok=verdict is Verdict.TAKEN,
            too_soon=verdict is Verdict.TOO_SOON,
            suppress=int(verdict is Verdict.SUPPRESSED),
            wait_s=wait_s,
        )

    def received(self, card: Card, sender: int, text: str) -> bytes:
        """BDTXR, mixed content (mode 2)."""
        return rdss21.bdtxr(sender, text)


class Rdss40:
    """RDSS 4.0, binary frames (§1)."""

    def codec(self) -> Codec:
        """Return a fresh decoder of what the host writes."""
        return rdss40.ADAPTER.codec()

    def request(self, reading: Reading) -> Request | None:
        """Read ICJC for the own card, XTZJ, TXSQ."""
        fields = reading.fields
        if reading.kind == "ICJC" and fields.get("frame_no") == 0:
            return AskCard()
        if reading.kind == "XTZJ" and "freq_s" in fields:
            return AskStatus(fields["freq_s"])
        if reading.kind == "TXSQ":
            return _txsq(fields)
        return None

    def card(self, card: Card) -> bytes:
        """ICXX frame 0."""
        return rdss40_encode.icxx(card.number, freq_s=card.frequency_s, level=card.level)

    def status(self, card: Card, beams: tuple[int, ...]) -> bytes:
        """ZJXX with six levels."""
        return rdss40_encode.zjxx(card.number, beams=(beams * 6)[:6])

    def feedback(self, card: Card, verdict: Verdict, wait_s: int) -> bytes:
        """FKXX for TXSQ; the frame has room for a wait of 255 s."""
        flag = {Verdict.TAKEN: 0, Verdict.FAILED: 1, Verdict.TOO_SOON: 4, Verdict.SUPPRESSED: 7}[verdict]
        wait = min(wait_s, 255) if verdict is Verdict.TOO_SOON else None
        return rdss40_encode.fkxx(flag, user=card.number, wait_s=wait)

    def received(self, card: Card, sender: int, text: str) -> bytes:
        """TXXX, mixed content."""
        return rdss40_encode.txxx(sender, text, user=card.number)


def _status_order(target: object, mode: object, interval: str) -> Request | None:
    if mode in (3, 4):
        return AskStatus(None if mode == 3 else 0)
    if target != "BSI" or mode not in (1, 2):
        return None
    return AskStatus(None if mode == 1 else decimal(interval.encode("ascii", "replace")) or 0)


def _cctxa(fields: Any) -> Transmit:
    payload = str(fields.get("payload", "")).encode("gbk", "replace")
    chinese = fields.get("mode") == 0
    raw = payload if chinese else from_hex(payload) or payload
    text = str(fields.get("text", ""))
    dest = str(fields.get("dest", ""))
    return Transmit(
        dest=dest.lstrip("0") if dest.isascii() and dest.isdecimal() else "",
        text=text,
        raw=raw,
        bits=_BITS_PER_HANZI * len(text) if chinese else 8 * len(raw),
        urgent=fields.get("comm_class") == 0,
    )


def _txsq(fields: Any) -> Transmit:
    """Read TXSQ; one that is cut short has no destination, and so is refused."""
    text = str(fields.get("text", fields.get("digits", "")))
    bits = int(fields.get("bits", 0))
    chinese = fields.get("transfer") == 0
    return Transmit(
        dest=str(fields.get("dest") or ""),
        text=text,
        raw=bytes.fromhex(fields.get("payload_hex", "")),
        bits=_BITS_PER_HANZI * len(text) if chinese else bits,
        urgent=fields.get("comm_class") == 0,
    )
