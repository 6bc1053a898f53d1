"""RDSS protocol 2.1: the ASCII sentences of a Beidou short-message machine (protocols/beidou.md §2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from app.devices.adapter import Adapter
from app.devices.adapters.payload import (
    MIXED,
    Content,
    content_of,
    from_hex,
    gbk,
    sanitise,
    text_signal,
    to_gbk,
)
from app.devices.adapters.sentence import (
    BeidouAsciiCodec,
    Fields,
    Kind,
    decimal,
    degrees,
    integer,
    merge_position,
    raw,
    sentence,
)
from app.signals import Distress, Fix, Health, Receipt, Signal

FAMILY = "rdss21"
NO_CARD = frozenset(("0", "2097151"))
"""Card numbers that mean that there is no card in the machine."""

_WAIT = re.compile(r"([0-9]{2})([0-5][0-9])\Z")
_SUPPRESSION = MappingProxyType({1: "suppressed", 2: "low_battery", 3: "silent"})


def content_field(field: bytes, mode: int | None) -> Content:
    """Read a content field by transfer mode: 0 汉字 raw GBK, 1 代码 hex or digits, 2 混合 A4 and hex.

    Many senders put A4 content into mode 1, and content of mode 1 or 2 may be no hex at all.
    """
    if mode == 0:
        return Content(field, "chinese(GB2312/GBK)", sanitise(gbk(field)))
    plain = from_hex(field)
    if plain is not None:
        return content_of(plain, coded=True)
    text = sanitise(gbk(field))
    return Content(
        field, "code(BCD nibbles)" if mode == 1 else "mixed(A4+GBK)", text, text if mode == 1 else ""
    )


def content_fields(fields: Fields, content: Content) -> None:
    """Put content into the fields that are printed; `text_gbk` is unsafe: control characters and all."""
    fields["payload"] = gbk(fields["payload"])
    fields["_content"] = content
    fields["text"] = content.text
    if content.digits:
        fields["digits"] = content.digits
    if content.position:
        fields["position"] = content.position.fields()
    if content.encoding.startswith("mixed") and content.raw[:1] == bytes((MIXED,)):
        fields["text_gbk"] = gbk(content.raw[1:])


def content_signals(fields: Fields, sender: str, time: str) -> Iterator[Signal]:
    """Say received content: a text always, a fix as well when it is a position report."""
    content: Content = fields["_content"]
    yield text_signal(sender, time, content)
    if content.position:
        yield content.position.fix()


def _message(fields: Fields) -> None:
    if "payload" in fields:
        content_fields(fields, content_field(fields["payload"], fields["mode"]))


def _received(fields: Fields, sender: str) -> Iterator[Signal]:
    if "_content" in fields:
        yield from content_signals(fields, sender, fields["send_time"])


def _card(fields: Fields, sender: str) -> Iterator[Signal]:
    """BDICI: which card, how often it may send, how long a message may be."""
    yield Health(
        (
            ("card_number", "" if sender in NO_CARD else sender),
            ("freq_s", fields.get("freq_s") or 0),
            ("level", fields.get("comm_level") or 0),
        )
    )


def _feedback_fields(fields: Fields) -> None:
    fields["variant"] = "2.1"
    wait = _WAIT.match(fields.get("wait_raw", ""))
    fields["wait_s"] = int(wait[1]) * 60 + int(wait[2]) if wait else None


def _feedback(fields: Fields, _: str) -> Iterator[Signal]:
    """BDFKI: the machine took the command or says why not; taken is not delivered."""
    wait = fields["wait_s"] or None
    if fields.get("executed") == "Y":
        yield Receipt(fields["command"], "accepted", retry_after_s=wait)
        return
    reason = _SUPPRESSION.get(fields.get("suppress", 0), "failed")
    if reason == "failed" and (wait or fields.get("freq_ok") == "N"):
        reason = "too_soon"
    yield Receipt(fields["command"], "failed", reason, wait)


def _beams_fields(fields: Fields) -> None:
    beams = fields.get("beams", b"").split(b",")
    fields["beams"] = [level for level in map(integer, beams) if level is not None]


def _beams(fields: Fields, _: str) -> Iterator[Signal]:
    """BDBSI: the best beam decides; sending needs level 2, better 3 (of 0 to 4)."""
    yield Health((("signal_level", max(fields["beams"], default=0)),))


def _position(fields: Fields, sender: str) -> Iterator[Signal]:
    """BDDWR, BDWAA: a fix of the user named; no date and no sure zone, so no time. Urgent is distress."""
    if fields.get("lat") is None or fields.get("lon") is None:
        return
    fix = Fix(fields["lon"], fields["lat"], altitude_m=fields.get("height_m"))
    yield fix
    if fields.get("urgent") == "A":
        yield Distress(f"{sender}-{fields['time_utc']}", fix=fix)


_TEXT_FIELDS = (("mode", integer), ("payload", raw))
_LAT_LON = (("lat", degrees), ("_ns", raw), ("lon", degrees), ("_ew", raw), ("height_m", decimal))

SENTENCES: Mapping[str, Kind] = MappingProxyType(
    {
        "CCICA": Kind((("type", gbk), ("frame", gbk))),
        "BDICI": Kind(
            (
                ("user", gbk),
                ("serial", gbk),
                ("broadcast", gbk),
                ("user_type", integer),
                ("freq_s", decimal),
                ("comm_level", integer),
                ("encrypt", gbk),
                ("subordinates", integer),
            ),
            sender="user",
            own_card=True,
            meaning=_card,
        ),
        "CCRMO": Kind((("target", gbk), ("mode", integer), ("interval", gbk))),
        "BDBSI": Kind(
            (("response_beam", integer), ("time_diff_beam", integer), ("beams", raw)),
            tail=True,
            finish=_beams_fields,
            meaning=_beams,
        ),
        "CCBSS": Kind((("response_beam", gbk), ("time_diff_beam", gbk))),
        "CCTXA": Kind((("dest", gbk), ("comm_class", integer), *_TEXT_FIELDS), tail=True, finish=_message),
        "BDTXR": Kind(
            (
                ("info_type", integer),
                ("sender", gbk),
                ("mode", integer),
                ("send_time", gbk),
                ("payload", raw),
            ),
            tail=True,
            sender="sender",
            finish=_message,
            meaning=_received,
        ),
        "BDFKI": Kind(
            (
                ("command", gbk),
                ("executed", gbk),
                ("freq_ok", gbk),
                ("suppress", integer),
                ("wait_raw", gbk),
            ),
            finish=_feedback_fields,
            meaning=_feedback,
        ),
        "CCDWA": Kind(
            (
                ("user", gbk),
                ("urgent", gbk),
                ("height_mode", gbk),
                ("high_user", gbk),
                ("height", gbk),
                ("antenna", gbk),
                ("pressure", gbk),
                ("temperature", gbk),
                ("freq_s", gbk),
            ),
            sender="user",
        ),
        "BDDWR": Kind(
            (
                ("pos_type", integer),
                ("user", gbk),
                ("time_utc", gbk),
                *_LAT_LON,
                ("_unit", raw),
                ("anomaly_m", decimal),
                ("_anomaly_unit", raw),
                ("precision", integer),
                ("urgent", gbk),
                ("multi", gbk),
                ("high", gbk),
            ),
            sender="user",
            finish=merge_position,
            meaning=_position,
        ),
        "BDWAA": Kind(
            (
                ("info_type", integer),
                ("freq", gbk),
                ("user", gbk),
                ("time_utc", gbk),
                *_LAT_LON,
                ("unit", gbk),
            ),
            sender="user",
            finish=merge_position,
            meaning=_position,
        ),
    }
)


def find(head: str, _: bytes) -> Kind | None:
    """Return how RDSS 2.1 reads a sentence."""
    return SENTENCES.get(head)


# Host to machine


def ccica(kind: int = 0, frame: int = 0) -> bytes:
    """Ask for the card (0) or a frame of subordinates (1)."""
    return sentence("CCICA", kind, f"{frame:02}")


def ccrmo(target: str, mode: int = 2, interval_s: float = 0) -> bytes:
    """Switch a sentence on (2) or off (1), or all of them (4, 3); interval 0 is once."""
    return sentence("CCRMO", target, mode, f"{interval_s:g}")


def cctxa(dest: int | str, text: str, *, urgent: bool = False) -> bytes:
    """Send a text to a card number as mixed content (mode 2): commas and stars in it do no harm."""
    return sentence("CCTXA", f"{int(dest):07}", 0 if urgent else 1, 2, mixed_hex(text))


def mixed_hex(text: str) -> str:
    """Write text as mixed content: A4 and the GBK bytes, in upper-case hex."""
    return (bytes((MIXED,)) + to_gbk(text)).hex().upper()


# Machine to host, for simulators and tests


def bdici(user: int, *, freq_s: int = 60, level: int = 3, subordinates: int = 0) -> bytes:
    """Answer CCICA for a card of an ordinary user."""
    return sentence("BDICI", f"{user:07}", f"{user:08}", "0000000", 3, freq_s, level, "N", subordinates)


def bdtxr(sender: int, text: str, *, time: str = "") -> bytes:
    """Hand over a received text as mixed content; `time` is hhmm or empty."""
    return sentence("BDTXR", 1, f"{sender:07}", 2, time, mixed_hex(text))


def bdfki(command: str, *, ok: bool, too_soon: bool = False, suppress: int = 0, wait_s: int = 0) -> bytes:
    """Give feedback for a command (`TXA`); the wait is written mmss."""
    flags: tuple[Any, ...] = ("Y" if ok else "N", "N" if too_soon else "Y", suppress)
    return sentence("BDFKI", command, *flags, f"{wait_s // 60:02}{wait_s % 60:02}")


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="北斗短报文机 RDSS 2.1",
    title_en="Beidou machine, RDSS 2.1",
    codec=BeidouAsciiCodec,
)
