"""The content model of CAP 1.2: order, occurrences and values, as the OASIS schema has them (§3.3.1)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from app.codecs.findings import shown
from app.codecs.markup.model import MANY, Part, Problem, any_of, group, may, one
from app.codecs.markup.values import decimal, integer, like, one_of

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"

STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MSG_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire"),
    *("Health", "Env", "Transport", "Infra", "CBRNE", "Other"),
)
RESPONSE_TYPES = (
    *("Shelter", "Evacuate", "Prepare", "Execute", "Avoid"),
    *("Monitor", "Assess", "AllClear", "None"),
)
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}\Z")
_FARTHEST = timedelta(hours=14)


def time_of(text: str) -> datetime | None:
    """Read `2026-06-18T09:30:00+08:00`; UTC is `-00:00`, never Z. None for anything else."""
    text = text.strip()
    if not _TIME.match(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = found.utcoffset()
    return found if offset is not None and abs(offset) <= _FARTHEST else None


def _time(text: str) -> Problem | None:
    if time_of(text) is not None:
        return None
    zh = f"的时间 {shown(text)} 应写作 2026-06-18T09:30:00+08:00(必须带时区,不用 Z)"
    en = f"is {shown(text)}: write a real time as 2026-06-18T09:30:00+08:00, with an offset and without Z"
    return "BAD_DATETIME", zh, en


_language = like(
    r"\s*[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\s*", "语言代码,如 zh-CN", "a language code such as zh-CN"
)


def _pairs(name: str) -> Part:
    return group(name, one("valueName"), one("value"), least=0, most=MANY)


_RESOURCE = group(
    "resource",
    one("resourceDesc"),
    one("mimeType"),
    may("size", integer),
    may("uri"),
    may("derefUri"),
    may("digest"),
    least=0,
    most=MANY,
)
_AREA = group(
    "area",
    one("areaDesc"),
    any_of("polygon"),
    any_of("circle"),
    _pairs("geocode"),
    may("altitude", decimal),
    may("ceiling", decimal),
    least=0,
    most=MANY,
)
_INFO = group(
    "info",
    may("language", _language),
    any_of("category", one_of(*CATEGORIES), least=1),
    one("event"),
    any_of("responseType", one_of(*RESPONSE_TYPES)),
    one("urgency", one_of(*URGENCIES)),
    one("severity", one_of(*SEVERITIES)),
    one("certainty", one_of(*CERTAINTIES)),
    may("audience"),
    _pairs("eventCode"),
    may("effective", _time),
    may("onset", _time),
    may("expires", _time),
    may("senderName"),
    may("headline"),
    may("description"),
    may("instruction"),
    may("web"),
    may("contact"),
    _pairs("parameter"),
    _RESOURCE,
    _AREA,
    least=0,
    most=MANY,
)
ALERT = Part(
    "alert",
    inside=(
        one("identifier"),
        one("sender"),
        one("sent", _time),
        one("status", one_of(*STATUSES)),
        one("msgType", one_of(*MSG_TYPES)),
        may("source"),
        one("scope", one_of(*SCOPES)),
        may("restriction"),
        may("addresses"),
        any_of("code"),
        may("note"),
        may("references"),
        may("incidents"),
        _INFO,
    ),
    open_end=frozenset((SIGNATURES,)),
)
