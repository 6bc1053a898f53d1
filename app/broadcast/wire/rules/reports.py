"""What platforms report → rows that broadcasts take: terminals, their states, results. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from app.broadcast.shapes import TerminalEntry, TerminalResult, TerminalState
from app.codecs.ebm.fields import Fields, many, text
from app.codecs.ebm.identifiers import covers
from app.codecs.ebm.schema import time_of

MOST_WORDS = 200
_Row = TypeVar("_Row", TerminalEntry, TerminalState, TerminalResult)
_DEVICE = re.compile(r"\(([0-9]{18,23}),[123abc],[^(),]+\)")


def terminals(payload: Fields, peer_id: int) -> list[TerminalEntry]:
    """Return the terminals of an EBRDTInfo; what it deletes is left: the standard does not use that yet."""
    return [
        TerminalEntry(
            resource_code=text(row, "EBRID"),
            name=text(row, "EBRName").strip()[:100],
            lon=_degrees(text(row, "Longitude"), 180),
            lat=_degrees(text(row, "Latitude"), 90),
            peer_id=peer_id,
        )
        for row in many(payload, "EBRDT")
        if text(row, "RptType") != "Delete"
    ]


def terminal_states(payload: Fields) -> list[TerminalState]:
    """Return the states of an EBRDTState."""
    found = []
    for row in many(payload, "EBRDT"):
        at = time_of(text(row, "RptTime"))
        if at is not None:
            words = text(row, "StateDesc").strip()[:MOST_WORDS]
            found.append(TerminalState(text(row, "EBRID"), int(text(row, "StateCode")), words, at))
    return found


def within(region: str, rows: list[_Row]) -> list[_Row]:
    """Return the rows of terminals that stand in a platform's own region: of others it may say nothing."""
    return [one for one in rows if covers(region, one.resource_code[1:13])]


def reported_at(told: Fields) -> datetime | None:
    """Return when a state was reported: its own time, else the latest of its devices."""
    own = time_of(text(told, "RptTime"))
    if own is not None:
        return own
    times = [time_of(text(device, "RptTime")) for _, device in _devices(told)]
    return max((at for at in times if at is not None), default=None)


def results(told: Fields) -> list[TerminalResult]:
    """Return what each device named in a state made of the message; the last word on a device counts."""
    found: dict[str, TerminalResult] = {}
    for code, device in _devices(told):
        found[code] = TerminalResult(
            resource_code=code,
            code=int(text(device, "BrdStateCode")),
            words=text(device, "BrdStateDesc").strip()[:MOST_WORDS],
            started_at=time_of(text(device, "StartTime")),
            ended_at=time_of(text(device, "EndTime")),
        )
    return list(found.values())


def _devices(told: Fields) -> list[tuple[str, Fields]]:
    info = told.get("ResBrdInfo")
    if not isinstance(info, Mapping):
        return []
    return [
        (code, device)
        for item in many(info, "ResBrdItem")
        for device in many(item, "EBRBS")
        for code in dict.fromkeys(_DEVICE.findall(text(device, "BrdSysInfo")))
    ]


def _degrees(told: str, most: float) -> float | None:
    """Read a coordinate; makers send blanks, zeroes and worse for places they do not know."""
    try:
        found = float(told)
    except ValueError:
        return None
    return found if 0 < abs(found) <= most else None
