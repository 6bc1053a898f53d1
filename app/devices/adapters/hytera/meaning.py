"""What HDAP messages mean to the centre: who is there and where, what was said, who calls for help."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from app.devices.adapters.hytera import control, location, words
from app.devices.adapters.hytera.gps import fix_of
from app.devices.adapters.hytera.layout import Fields
from app.devices.adapters.payload import sanitise
from app.signals import Distress, Presence, Receipt, Signal, Talk, Text

EMERGENCY_TARGET = 0x09
"""The state of a radio, in B0C8, that is its emergency key."""

CHANNEL = "channel"
"""How a talk is paired with its end: on one channel one person talks at a time. A driver knows which."""

CHECK_REF = "check-"
LOCATE_REF = "locate-"

_VOICE = 1
_REPEATER_STARTS = frozenset((0x0, 0x2, 0x6, 0xB))  # repeating: local, IP; on air: remote PTT, local PTT
_REPEATER_ENDS = frozenset((0x1, 0x3, 0x4, 0x7, 0x8, 0xA, 0xC, 0xD, 0xF))  # hang, end, channel hang, TOT
_PROCESS_STARTS = frozenset((1,))
_PROCESS_ENDS = frozenset((2, 3, 4, 5, 10))
_KINDS: Mapping[str, Literal["private", "all"]] = MappingProxyType(
    {"private": "private", "priority_private": "private", "all": "all", "priority_all": "all"}
)

Meaning = Callable[[Fields, str], Iterator[Signal]]


def speaker(fields: Fields) -> str:
    """Return the radio that a message comes from, in decimal; "" when it names none.

    An acknowledgement repeats the addresses of the text it answers: it comes from where that was sent.
    """
    name = fields["msg"]
    if name in ("private_text_ack", "private_data_ack"):
        return _id(fields["dest"]["id"])
    if "source" in fields and isinstance(fields["source"], dict):
        return _id(fields["source"]["id"])
    if "radio" in fields:
        return _id(fields["radio"]["id"])
    if name in ("rx_status", "repeater_status"):
        return _id(fields["sender"])
    return _id(fields["target"]) if name == "radio_check_ack" else ""


def signals(fields: Fields, number: str) -> tuple[Signal, ...]:
    """Return what a message means.

    `number` is the transport's own number of the frame: it tells a new call from a copy when the message
    itself has neither number nor time.
    """
    meaning = _MEANINGS.get(fields["msg"])
    return tuple(meaning(fields, number)) if meaning else ()


def _id(number: int) -> str:
    return str(number) if number else ""


def _registered(_: Fields, __: str) -> Iterator[Signal]:
    yield Presence(online=True)


def _left(_: Fields, __: str) -> Iterator[Signal]:
    yield Presence(online=False)


def _online(fields: Fields, _: str) -> Iterator[Signal]:
    yield Presence(online=not fields["offline"])


def _place(fields: Fields, _: str) -> Iterator[Signal]:
    fix = fix_of(fields["gps"]) if fields.get("gps") and not fields.get("result") else None
    if fix:
        yield fix


def _asked_place(fields: Fields, number: str) -> Iterator[Signal]:
    """A002, A003: the answer to a question of somebody's; only the low bits of its number are ours."""
    yield from _place(fields, number)
    found = fields["result"] == 0
    reason = "" if found else location.RESULTS.get(fields["result"], f"result_{fields['result']}")
    yield Receipt(
        f"{LOCATE_REF}{fields['request_id'] & 0xFFFFFF}", "delivered" if found else "failed", reason
    )


def _emergency(fields: Fields, number: str) -> Iterator[Signal]:
    """B003: the SOS key. The report is repeated while the radio stays in emergency: time tells copies."""
    fix = fix_of(fields["gps"]) if fields.get("gps") else None
    if fix:
        yield fix
    at = fix.fixed_at if fix else None
    when = at.strftime("%Y%m%d%H%M%S") if at else number
    yield Distress(f"{fields['radio']['id']}-B003-{when}", sent_at=at, fix=fix)


def _text(fields: Fields, _: str) -> Iterator[Signal]:
    """A1, B1: numbers restart with the radio, so the words are part of what tells copies from new texts."""
    raw = words.text_bytes(fields["text"])
    digest = hashlib.blake2s(raw, digest_size=8).hexdigest()
    ref = f"{fields['source']['id']}-{fields['request_id']}-{digest}"
    yield Text(ref, sanitise(fields["text"]), raw)


def _receipt(fields: Fields, _: str) -> Iterator[Signal]:
    result = fields["result"]
    stage = "delivered" if result == words.OK else "failed"
    yield Receipt(str(fields["request_id"]), stage, words.RESULTS.get(result, f"result_{result}"))


def _checked(fields: Fields, _: str) -> Iterator[Signal]:
    stage = "failed" if fields["result"] else "delivered"
    yield Receipt(f"{CHECK_REF}{fields['target']}", stage, "no_answer" if fields["result"] else "")


def _repeated(fields: Fields, number: str) -> Iterator[Signal]:
    """B845: voice only; texts, positions and registrations that pass are told by themselves."""
    if fields["call_type"] in control.EMERGENCIES or fields["service_type"] == _VOICE:
        yield from _call(fields, fields["status"], _REPEATER_STARTS, _REPEATER_ENDS, number)


def _received(fields: Fields, number: str) -> Iterator[Signal]:
    yield from _call(fields, fields["process"], _PROCESS_STARTS, _PROCESS_ENDS, number)


def _sent(fields: Fields, _: str) -> Iterator[Signal]:
    """B843: our own transmission; who we are is known to whoever asked the radio."""
    yield from _talk(fields, "", fields["process"], _PROCESS_STARTS, _PROCESS_ENDS)


def _call(
    fields: Fields, state: int, starts: frozenset[int], ends: frozenset[int], number: str
) -> Iterator[Signal]:
    talker = _id(fields["sender"])
    if state in starts and fields["call_type"] in control.EMERGENCIES:
        yield Distress(f"{talker}-{fields['target']}-call-{number}", text=_call_for_help(fields))
    yield from _talk(fields, talker, state, starts, ends)


def _talk(
    fields: Fields, talker: str, state: int, starts: frozenset[int], ends: frozenset[int]
) -> Iterator[Signal]:
    stage: Literal["start", "end"] = "start" if state in starts else "end"
    if state in starts or state in ends:
        yield Talk(
            ref=CHANNEL,
            stage=stage,
            talker=talker,
            target=str(fields["target"]),
            target_kind=_KINDS.get(fields["call_type"], "group"),
            emergency=fields["call_type"] in control.EMERGENCIES,
        )


def _call_for_help(fields: Fields) -> str:
    return f"紧急呼叫 组 {fields['target']} / emergency call to group {fields['target']}"


def _state(fields: Fields, number: str) -> Iterator[Signal]:
    """B0C8: the emergency key of the radio on our cable. That it was let go ends nothing by itself."""
    if fields["target"] == EMERGENCY_TARGET and fields["value"]:
        words_of_it = "本机紧急报警 / emergency key of the radio on the cable"
        yield Distress(f"own-B0C8-{number}", text=words_of_it)


_MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "register": _registered,
        "deregister": _left,
        "online_answer": _online,
        "immediate_report": _asked_place,
        "immediate_report_rssi": _asked_place,
        "triggered_report": _place,
        "condition_report": _place,
        "condition_report_rssi": _place,
        "emergency_report": _emergency,
        "private_text": _text,
        "group_text": _text,
        "private_text_ack": _receipt,
        "group_text_ack": _receipt,
        "radio_check_ack": _checked,
        "repeater_status": _repeated,
        "rx_status": _received,
        "tx_status": _sent,
        "radio_status_report": _state,
    }
)
