"""RSMC: the regional short-message sentences of Beidou-3 machines (北斗三号区域短报文, beidou.md §3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from app.devices.adapter import Adapter
from app.devices.adapters.payload import Content, gbk
from app.devices.adapters.rdss21 import NO_CARD, content_field, content_fields, content_signals, mixed_hex
from app.devices.adapters.sentence import RAW, BeidouAsciiCodec, Convert, Fields, Kind, integer, raw, sentence
from app.signals import Health, Receipt, Signal

FAMILY = "rsmc"

_MODES = MappingProxyType({1: 0, 2: 1, 3: 2})  # coding of RSMC → transfer mode of RDSS 2.1
_REASONS = MappingProxyType(
    {
        "1": "too_soon",
        "2": "suppressed",
        "3": "silent",
        "4": "not_locked",
        "5": "no_card",
        "6": "not_permitted",
        "11": "checksum",
    }
)
_TIME = re.compile(rb"[0-9]{6}")
_FREQ_POINT = re.compile(rb"[0-9]\Z")


def _message(fields: Fields) -> None:
    if "payload" not in fields:
        return
    field, coding = fields["payload"], fields["encoding"]
    if coding in _MODES:
        content = content_field(field, _MODES[coding])
    else:  # 4 压缩汉字, 5 压缩代码: nobody has published how
        content = Content(field, "compressed", gbk(field))
    content_fields(fields, content)


def _sent_fields(fields: Fields) -> None:
    """CCTCQ ends with the interval, and its content may hold commas."""
    if "payload" in fields:
        fields["payload"], _, interval = fields["payload"].rpartition(b",")
        fields["interval"] = gbk(interval)
    _message(fields)


def _received(fields: Fields, sender: str) -> Iterator[Signal]:
    if "_content" in fields:
        yield from content_signals(fields, sender, fields["time"])


def _card(fields: Fields, sender: str) -> Iterator[Signal]:
    """BDICP: which card, how often it may send, how long a message may be (level 0 is level 5)."""
    yield Health(
        (
            ("card_number", "" if sender in NO_CARD else sender),
            ("freq_s", fields.get("freq_s") or 0),
            ("level", fields.get("comm_level") or 0),
        )
    )


def _feedback_fields(fields: Fields) -> None:
    fields["variant"] = "bds3"


def _feedback(fields: Fields, _: str) -> Iterator[Signal]:
    """BDFKI: captures with Y and a reason exist; a reason is a failure even so."""
    reason = fields.get("reason", "0")
    wait = fields.get("remaining_s") or None
    if fields.get("executed") == "Y" and reason == "0":
        yield Receipt(fields["command"], "accepted", retry_after_s=wait)
    else:
        said = _REASONS.get(reason, "failed" if reason == "0" else f"reason_{reason}")
        yield Receipt(fields.get("command", ""), "failed", said, wait)


def _power_fields(fields: Fields) -> None:
    """BDPWI: the RDSS-2 beams as triples, then the RDSS-3 beams as fours (C/N0 in dB-Hz)."""
    rest = [integer(field) for field in fields.pop("_rest", b"").split(b",")]
    count = max(0, fields.get("n_rdss2") or 0)
    fields["n_rdss3"] = rest[3 * count] if len(rest) > 3 * count else 0
    fours = rest[3 * count + 1 :]
    fields["beams"] = [
        {"beam": fours[at], "s2c_d": fours[at + 1], "s2c_p": fours[at + 2]}
        for at in range(0, len(fours) - 3, 4)
    ]


def _power(fields: Fields, _: str) -> Iterator[Signal]:
    """Say the strongest beam; sending wants more than 40 to 45 dB-Hz."""
    yield Health((("signal_dbhz", max((beam["s2c_d"] or 0 for beam in fields["beams"]), default=0)),))


_ICP: tuple[tuple[str, Convert], ...] = (
    ("user", integer),
    ("broadcast_id", integer),
    ("auth_type", integer),
    ("user_identity", integer),
    ("service_identity", integer),
    ("encrypt", gbk),
    ("device_type", integer),
    ("rescue", gbk),
    ("military", integer),
    ("civil_military", integer),
    ("allied", integer),
    ("priority", integer),
    ("service_capability", integer),
    ("freq_s", integer),
    ("comm_level", integer),
    ("global_identity", integer),
    ("global_permission", integer),
    ("global_freq", integer),
    ("global_level", integer),
    ("subordinates", integer),
    ("group_permission", integer),
    ("own_groups", integer),
    ("joined_groups", integer),
)
_IDS = (("sender", gbk), ("receiver", gbk))
_MESSAGE = (("time", gbk), ("encoding", integer), ("freq", gbk), ("payload", raw))
_TCI = Kind(
    (*_IDS, ("freq_point", integer), *_MESSAGE),
    tail=True,
    sender="sender",
    finish=_message,
    meaning=_received,
)
_TCI_DRAFT = Kind((*_IDS, *_MESSAGE), tail=True, sender="sender", finish=_message, meaning=_received)
_FKI = Kind(
    (
        ("time", gbk),
        ("command", gbk),
        ("executed", gbk),
        ("reason", gbk),
        ("remaining_s", integer),
    ),
    finish=_feedback_fields,
    meaning=_feedback,
)

SENTENCES: Mapping[str, Kind] = MappingProxyType(
    {
        "BDICP": Kind(_ICP, sender="user", own_card=True, meaning=_card),
        "CCTCQ": Kind(
            (
                ("dest", gbk),
                ("freq_point", integer),
                ("inbound_ack", integer),
                ("encoding", integer),
                ("payload", raw),
            ),
            tail=True,
            finish=_sent_fields,
        ),
        "BDTCI": _TCI,
        "BDFKI": _FKI,
        "BDPWI": Kind(
            (("time", gbk), ("n_rdss2", integer), ("_rest", raw)),
            tail=True,
            finish=_power_fields,
            meaning=_power,
        ),
    }
    | dict.fromkeys(("CCICR", "CCNPS", "CCEPQ", "BDEPI", "BDSHZ", "BDCNO", "BDCOV", "BDSNR", "BDZDX"), RAW)
)


def find(head: str, content: bytes) -> Kind | None:
    """Return how RSMC reads a sentence; its BDFKI starts with a time, that of RDSS 2.1 with a command."""
    if head == "BDFKI" and not _TIME.match(content):
        return None
    if head == "BDTCI" and not _has_freq_point(content):
        return _TCI_DRAFT
    return SENTENCES.get(head)


def _has_freq_point(content: bytes) -> bool:
    """Tell today's BDTCI from older drafts, whose third field is the time already."""
    fields = content.split(b",", 3)
    return len(fields) < 3 or bool(_FREQ_POINT.match(fields[2]))


# Host to machine


def ccicr(kind: int = 0, frame: int = 0) -> bytes:
    """Ask for the card (0), groups (1), subordinates (2) or the card's mode (3)."""
    return sentence("CCICR", kind, f"{frame:02}")


def cctcq(dest: int | str, text: str, *, freq_point: int = 2, inbound_ack: int = 1) -> bytes:
    """Send a text as mixed content; frequency points 1 to 5 are Lf0 to Lf4, acknowledgement 1 no, 2 yes."""
    return sentence("CCTCQ", int(dest), freq_point, inbound_ack, 3, mixed_hex(text), 0)


# Machine to host, for simulators and tests


def bdicp(user: int, *, freq_s: int = 60, level: int = 2) -> bytes:
    """Answer CCICR for an ordinary civil card."""
    flags = (0, 0, 3, 0, "N", 2, "N", 1, 0, 0, 3, 1)
    return sentence("BDICP", user, *flags, freq_s, level, 0, 0, 0, 0, 0, 0, 0, 0)


def bdtci(sender: int, receiver: int, text: str, *, time: str = "000000", freq_point: int = 2) -> bytes:
    """Hand over a received text as mixed content; `time` is hhmmss."""
    return sentence("BDTCI", sender, receiver, freq_point, time, 3, 0, mixed_hex(text))


def bdfki(command: str, *, ok: bool, reason: int = 0, wait_s: int = 0, time: str = "000000") -> bytes:
    """Give feedback for a command (`TCQ`)."""
    return sentence("BDFKI", time, command, "Y" if ok else "N", reason, wait_s)


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="北斗三号短报文机 RSMC",
    title_en="Beidou-3 machine, RSMC",
    codec=BeidouAsciiCodec,
)
