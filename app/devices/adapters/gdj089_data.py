"""The data of GD/J 089 frames by business type: tables D.5 to D.12 and E.4 to E.10.

Times are told as the seconds that stand there: D.5 says UTC, E.10 counts from a Beijing epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

_EBM = 18  # octets of an EBMID: F and 35 digits
_CLASSES = {1: "drill_system", 2: "drill_simulated", 3: "drill_real", 4: "emergency", 5: "daily"}
_STATES = {1: "idle", 2: "working", 3: "fault"}
_SOURCES = {1: "emergency", 2: "daily", 3: "telephone", 4: "sms", 5: "mixer", 6: "usb"}
_SWITCHES = {1: "start", 2: "end"}
_FAULTS = {1: "supply_current", 2: "power", 3: "amplifier_voltage", 4: "field_strength", 5: "no_monitor_data"}


class BadData(ValueError):
    """The octets are too few, or no digits where digits have to be."""


class Data:
    """Octets that are taken one field after the other."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    @property
    def left(self) -> int:
        """How many octets were not taken yet."""
        return len(self._raw) - self._at

    def take(self, count: int) -> bytes:
        """Return the next octets. Raises BadData when there are fewer."""
        if count > self.left:
            raise BadData
        self._at += count
        return self._raw[self._at - count : self._at]

    def number(self, octets: int) -> int:
        """Return the next octets as a number, the high octet first."""
        return int.from_bytes(self.take(octets), "big")

    def code(self, octets: int) -> str:
        """Return digits in BCD behind a reserved F. Raises BadData for anything else."""
        digits = self.take(octets).hex()
        if digits[0] != "f" or not digits[1:].isdecimal():
            raise BadData
        return digits[1:]

    def text(self, octets: int) -> str:
        """Return text without what fills it up."""
        return self.take(octets).rstrip(b"\0").decode("utf-8", "replace")


def _named(names: Mapping[int, str], number: int) -> str:
    if number not in names:
        raise BadData
    return names[number]


def _start(data: Data) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ebmid": data.code(_EBM),
        "class": _named(_CLASSES, data.number(1)),
        "severity": data.number(1),
        "event": data.text(5),
        "volume": data.number(1),
        "start_s": data.number(4),
        "end_s": data.number(4),
    }
    told["auxiliaries"] = [
        {"type": data.number(1), "url": data.text(data.number(2))} for _ in range(data.number(1))
    ]
    return told


def _stop(data: Data) -> dict[str, Any]:
    return {"ebmid": data.code(_EBM)}


def _heart_beat(data: Data) -> dict[str, Any]:
    state = _named(_STATES, data.number(1))
    first = _named({1: "first", 2: "again"}, data.number(1))
    return {"state": state, "registration": first, "physical_address": data.take(data.number(1)).hex()}


def _query(data: Data) -> dict[str, Any]:
    return {"items": [data.number(1) for _ in range(data.number(1))]}


def _set(data: Data) -> dict[str, Any]:
    return {
        "items": [
            {"item": data.number(1), "value": data.take(data.number(1)).hex()} for _ in range(data.number(1))
        ]
    }


def read_ack(data: Data) -> dict[str, Any]:
    """Return what answers any request: a code, 0 for done, and words."""
    return {"code": data.number(1), "text": data.text(data.number(2))}


def _fault(data: Data) -> dict[str, Any]:
    """E.7 leaves open what the first octet counts; the text fills up what its time leaves."""
    if data.left < 6:
        raise BadData
    first, fault = data.number(1), data.number(1)
    told = {"first": first, "fault": _FAULTS.get(fault, str(fault)), "text": data.text(data.left - 4)}
    return {**told, "reported_s": data.number(4)}


def _task(data: Data) -> dict[str, Any]:
    switch, source = _named(_SWITCHES, data.number(1)), _named(_SOURCES, data.number(1))
    return {"switch": switch, "source_kind": source, "ebmid": data.code(_EBM), "at_s": data.number(4)}


def _result(data: Data) -> dict[str, Any]:
    ebmid, played = data.code(_EBM), _named({0: "failed", 1: "ok"}, data.number(1))
    text = data.text(data.number(2))
    start, end, count = data.number(4), data.number(4), data.number(1)
    told = {"ebmid": ebmid, "result": played, "text": text, "start_s": start, "end_s": end, "plays": count}
    return {**told, "reported_s": data.number(4)}


FIELDS: Mapping[int, tuple[str, Callable[[Data], dict[str, Any]]]] = MappingProxyType(
    {
        0x01: ("start", _start),
        0x02: ("stop", _stop),
        0x10: ("heart_beat", _heart_beat),
        0x11: ("query", _query),
        0x12: ("set", _set),
        0x13: ("fault", _fault),
        0x14: ("task", _task),
        0x15: ("result", _result),
    }
)
"""By business type. Certificates (0x17) and logs (0x16) are left out: their tables were not to be had."""
