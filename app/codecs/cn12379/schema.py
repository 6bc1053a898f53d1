"""The content model of 12379 XML; empty elements are normal in it."""

from __future__ import annotations

import re
from datetime import datetime

from app.codecs.cap.schema import CERTAINTIES, MSG_TYPES, SCOPES, STATUSES, URGENCIES
from app.codecs.findings import shown
from app.codecs.markup.model import MANY, Problem, Test, any_of, group, may, one
from app.codecs.markup.values import one_of

NAMESPACE = "http://com.icss.amp"
COLOURS = ("Red", "Orange", "Yellow", "Blue", "Unknown")

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}\Z")


def time_of(text: str) -> datetime | None:
    """Read `2026-06-18 09:30:00+08:00`; the T of CAP is understood too. None for anything else."""
    text = text.strip()
    if not _TIME.match(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> Problem | None:
    if time_of(text) is not None:
        return None
    zh = f"的时间 {shown(text)} 应写作 2026-06-18 09:30:00+08:00"
    return "BAD_TIME", zh, f"is {shown(text)}: write a real time as 2026-06-18 09:30:00+08:00"


def _or_empty(test: Test) -> Test:
    return lambda text: None if not text.strip() else test(text)


_METHOD = group(
    "method",
    one("methodName"),
    may("message"),
    may("audienceGrp"),
    may("audiencePrt"),
    least=0,
    most=MANY,
)
_RESOURCE = group("resource", may("resourceDesc"), may("size"), may("digest"), least=0, most=MANY)
_AREA = group(
    "area",
    one("areaDesc"),
    any_of("polygon"),
    any_of("circle"),
    any_of("geocode"),
    least=0,
    most=MANY,
)
_INFO = group(
    "info",
    may("language"),
    one("eventType"),
    may("urgency", _or_empty(one_of(*URGENCIES))),
    one("severity", one_of(*COLOURS)),
    may("certainty", _or_empty(one_of(*CERTAINTIES))),
    may("effective", _or_empty(_time)),
    may("onset", _or_empty(_time)),
    may("expires", _or_empty(_time)),
    may("senderName"),
    may("headline"),
    may("description"),
    may("instruction"),
    may("web"),
    _RESOURCE,
    _AREA,
    least=1,
    most=MANY,
)
ALERT = group(
    "alert",
    one("identifier"),
    one("sender"),
    one("senderCode"),
    may("phone"),
    one("sendTime", _time),
    one("status", one_of(*STATUSES)),
    one("msgType", one_of(*MSG_TYPES)),
    one("scope", one_of(*SCOPES)),
    group("code", _METHOD, least=0),
    may("secClassification"),
    may("note"),
    may("references"),
    _INFO,
)
