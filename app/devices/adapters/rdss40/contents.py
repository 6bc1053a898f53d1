"""Contents of RDSS 4.0 frames as plain fields and as signals, one entry a head (beidou.md §1.2-§1.5)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.devices.adapters.payload import Content, content_of, dms, text_signal
from app.signals import Distress, Fix, Health, Receipt, Signal

Fields = dict[str, Any]

NO_CARD = 0x1FFFFF
"""The user address of a machine without a card (2097151)."""

TOO_SOON = 4
"""FKXX flag: the card's service frequency is not reached (发射频度未到)."""

_TXSQ = struct.Struct(">B3sHB")
_TXXX = struct.Struct(">B3sBBH")
_ICXX = struct.Struct(">B3sBHBBH")
_ZJXX = struct.Struct(">BBBB6s")
_DWXX = struct.Struct(">B3sBBBBBBBBBBBBHH")
_SIGN, _MAGNITUDE = 0x4000, 0x3FFF

_FAILURES = MappingProxyType(
    {
        1: "failed",
        2: "not_locked",
        3: "low_battery",
        TOO_SOON: "too_soon",
        5: "crypto",
        6: "checksum",
        7: "suppressed",
    }
)
_ACCEPTED, _LIFTED = 0, 8  # 8 is 抑制解除 in two codecs, 静默 in another: no receipt either way


@dataclass(frozen=True, slots=True)
class Kind:
    """How the content of one head reads: at least `size` bytes, its fields, whose they are, what they mean.

    `sender` names the field with the card number; `user` is the card in the machine.
    """

    size: int
    fields: Callable[[bytes], Fields]
    sender: str = "user"
    meaning: Callable[[Fields], Iterator[Signal]] | None = None


def decode_content(head: str, user: int, content: bytes) -> tuple[Fields, str, tuple[Signal, ...]]:
    """Return fields, sender and signals of one checked frame; what is unknown or too short stays as `raw`."""
    kind = KINDS.get(head)
    fields: Fields = {"cmd": head, "length": len(content) + 11, "user": user}
    if kind is None or len(content) < kind.size:
        fields["raw"] = content.hex()
        return fields, str(user), ()
    fields.update(kind.fields(content))
    signals = tuple(kind.meaning(fields)) if kind.meaning else ()
    shown = {key: value for key, value in fields.items() if not key.startswith("_")}
    return shown, str(fields[kind.sender]), signals


def _address(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _content(payload: bytes, bits: int, *, coded: bool) -> Fields:
    content = content_of(payload, coded=coded, bits=bits)
    fields: Fields = {
        "payload_len_ok": len(payload) == (bits + 7) // 8,
        "payload_hex": payload.hex(),
        "encoding": content.encoding,
        "_content": content,
    }
    if content.digits:
        fields["digits"] = content.digits
    else:
        fields["text"] = content.text
    if content.position:
        fields["position"] = content.position.fields()
    return fields


def _txsq(content: bytes) -> Fields:
    info, dest, bits, need_reply = _TXSQ.unpack_from(content)
    return {
        "info_type": info,
        "msg": info >> 5,
        "key": info >> 4 & 1,
        "comm_class": info >> 2 & 3,
        "transfer": info >> 1 & 1,
        "password": info & 1,
        "dest": _address(dest),
        "bits": bits,
        "need_reply": need_reply,
        **_content(content[_TXSQ.size :], bits, coded=bool(info >> 1 & 1)),
    }


def _txxx(content: bytes) -> Fields:
    info, sender, hour, minute, bits = _TXXX.unpack_from(content)
    return {
        "info_type": info,
        "comm": info >> 6,
        "form": info >> 5 & 1,
        "receipt": info >> 4 & 1,
        "query": info >> 3 & 1,
        "key": info >> 2 & 1,
        "spare": info & 3,
        "sender": _address(sender),
        "hour": hour,
        "minute": minute,
        "bits": bits,
        "crc_flag": content[-1],
        "crc_error": bool(content[-1]),
        **_content(content[_TXXX.size : -1], bits, coded=bool(info >> 5 & 1)),
    }


def _received(fields: Fields) -> Iterator[Signal]:
    """TXXX: a text, unless it was damaged on the air; a fix as well when it is a position report."""
    if fields["crc_error"]:
        return
    content: Content = fields["_content"]
    yield text_signal(str(fields["sender"]), f"{fields['hour']:02}{fields['minute']:02}", content)
    if content.position:
        yield content.position.fix()


def _icxx(content: bytes) -> Fields:
    """ICXX: frame 0 is the card itself, other frames list subordinates."""
    if content[0] or len(content) < _ICXX.size:
        ids = [_address(content[at : at + 3]) for at in range(1, len(content) - 2, 3)]
        return {"frame_no": content[0], "ids": ids}
    frame, broadcast, user_type, freq, level, encrypted, subordinates = _ICXX.unpack_from(content)
    return {
        "frame_no": frame,
        "broadcast": _address(broadcast),
        "user_type": user_type,
        "freq_s": freq,
        "comm_level": level,
        "encrypted": encrypted,
        "subordinates": subordinates,
    }


def _card(fields: Fields) -> Iterator[Signal]:
    if "freq_s" not in fields:
        return
    user = fields["user"]
    if user in (0, NO_CARD):
        fields["no_card"] = True
    yield Health(
        (
            ("card_number", "" if "no_card" in fields else str(user)),
            ("freq_s", fields["freq_s"]),
            ("level", fields["comm_level"]),
        )
    )


def _zjxx(content: bytes) -> Fields:
    ic, hardware, battery, inbound, beams = _ZJXX.unpack_from(content)
    return {"ic": ic, "hw": hardware, "battery": battery, "inbound": inbound, "beams": list(beams)}


def _self_check(fields: Fields) -> Iterator[Signal]:
    """ZJXX: inbound bit 0 is suppression; the best beam decides, sending needs level 2, better 3."""
    yield Health(
        (
            ("battery_pct", fields["battery"]),
            ("suppressed", fields["inbound"] & 1),
            ("hardware_fault", int(bool(fields["hw"]))),
            ("signal_level", max(fields["beams"])),
        )
    )


def _fkxx(content: bytes) -> Fields:
    """FKXX; for flag 4 the public codecs disagree about where the wait stands: take the one non-zero byte."""
    flag, extra = content[0], content[1:5]
    fields: Fields = {"flag": flag, "extra_hex": extra.hex()}
    if all(0x41 <= byte <= 0x5A for byte in extra):
        fields["about"] = extra.decode("ascii")
    elif flag == TOO_SOON:
        waits = [byte for byte in extra if byte]
        if len(waits) == 1:
            fields["wait_s"] = waits[0]
    return fields


def _feedback(fields: Fields) -> Iterator[Signal]:
    flag, about = fields["flag"], fields.get("about", "")
    if flag == _ACCEPTED:
        yield Receipt(about, "accepted")
    elif flag != _LIFTED:
        yield Receipt(about, "failed", _FAILURES.get(flag, f"flag_{flag}"), fields.get("wait_s"))


def _dwxx(content: bytes) -> Fields:
    """DWXX: longitude comes first; heights are sign and magnitude in metres."""
    info, addr, hour, minute, second, centi, *angles, height, anomaly = _DWXX.unpack_from(content)
    return {
        "info_type": info,
        "query": info >> 5 & 1,
        "key": info >> 4 & 1,
        "precision": info >> 3 & 1,
        "emergency": info >> 2 & 1,
        "multi": info >> 1 & 1,
        "high": info & 1,
        "query_addr": _address(addr),
        "time": f"{hour:02}:{minute:02}:{second:02}.{centi:02}",
        "lon": dms(*angles[:4]),
        "lat": dms(*angles[4:]),
        "height_m": _height(height),
        "height_anomaly_m": _height(anomaly),
    }


def _height(value: int) -> int:
    return -(value & _MAGNITUDE) if value & _SIGN else value & _MAGNITUDE


def _position(fields: Fields) -> Iterator[Signal]:
    """DWXX: a fix of the user queried; no date and no stated zone, so no time. Emergency is distress."""
    fix = None
    if fields["lon"] <= 180 and fields["lat"] <= 90:
        fix = Fix(fields["lon"], fields["lat"], altitude_m=float(fields["height_m"]))
        yield fix
    if fields["emergency"]:
        yield Distress(f"{fields['query_addr']}-{fields['time']}", fix=fix)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "ICJC": Kind(1, lambda content: {"frame_no": content[0]}),
        "XTZJ": Kind(2, lambda content: {"freq_s": int.from_bytes(content[:2], "big")}),
        "TXSQ": Kind(_TXSQ.size, _txsq),
        "TXXX": Kind(_TXXX.size + 1, _txxx, sender="sender", meaning=_received),
        "ICXX": Kind(1, _icxx, meaning=_card),
        "ZJXX": Kind(_ZJXX.size, _zjxx, meaning=_self_check),
        "FKXX": Kind(5, _fkxx, meaning=_feedback),
        "DWXX": Kind(_DWXX.size, _dwxx, sender="query_addr", meaning=_position),
    }
)
