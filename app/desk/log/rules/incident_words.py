"""What is known of incidents, and what waits to be judged, in the words of the duty log."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.desk.log.rules.said import SYSTEM, Body, Line, Said

# The first two digits of an event code (domain/rules B1): natural disaster, accident, health, social safety.
_LINES_OF_KIND: Mapping[str, Line] = {
    "11": "disaster",
    "12": "work_safety",
    "13": "government",
    "14": "government",
}
_SOURCES = {
    "device_alarm": "设备报警",
    "telephone": "电话",
    "radio": "电台",
    "walk_in": "来人",
    "superior": "上级",
    "partner": "联动单位",
}
_INCIDENT = {
    "incident.opened": ("立案", "opened"),
    "incident.amended": ("更新", "amended"),
    "incident.closed": ("结案", "closed"),
}
_LEARNED = (  # they carry their own words
    "incident.level_raised",
    "incident.level_lowered",
    "incident.level_confirmed",
    "incident.larger_risk",
    "incident.key_facility",
    "incident.figure_told",
    "incident.figure_chosen",
    "incident.retyped",
    "incident.secrecy_set",
    "incident.located",
    "incident.reported",
    "incident.attached",
    "incident.attachment_withdrawn",
    "incident.notice_joined",
)
_NOTICE = {
    "intake.received": ("来报", "notice"),
    "intake.opened": ("来报立案", "notice opened"),
    "intake.joined": ("来报并入", "notice joined"),
    "intake.dismissed": ("来报不立案", "notice dismissed"),
}


def _lines(incident: Body) -> tuple[Line, ...]:
    kind = _LINES_OF_KIND.get(str(incident.get("event_code", ""))[:2])
    return (kind, "rescue") if kind else ("rescue",)


def _incident(type_: str, body: Body) -> Said:
    incident = body["incident"]
    zh, en = _INCIDENT[type_]
    words = f"{incident['number']} {incident['title']}"
    source = _SOURCES.get(incident["source"], SYSTEM)
    return Said(f"{zh} {words}", f"{en} {words}", _lines(incident), source, incident["close_reason"] or "")


def _confirmed(_: str, body: Body) -> Said:
    alarm, incident = body["alarm"], body["incident"]
    return Said(
        f"核实报警 {alarm['device_label']},立案 {incident['number']} {incident['title']}",
        f"alarm of {alarm['device_label']} confirmed, {incident['number']} opened",
        _lines(incident),
        "设备报警",
    )


def _learned(_: str, body: Body) -> Said:
    incident, figure = body["incident"], body.get("figure") or {}
    number = incident["number"]
    source = figure.get("source") or "值班室"
    return Said(f"{number} {body['zh']}", f"{number} {body['en']}", _lines(incident), source)


def _notice(type_: str, body: Body) -> Said:
    notice = body["notice"]
    zh, en = _NOTICE[type_]
    words = f"{notice['from_name']} {notice['title']}"
    return Said(f"{zh} {words}", f"{en} {words}", ("government",), notice["from_name"], notice["reason"])


INCIDENT_WORDS: Mapping[str, Callable[[str, Body], Said]] = {
    **dict.fromkeys(_INCIDENT, _incident),
    **dict.fromkeys(_LEARNED, _learned),
    **dict.fromkeys(_NOTICE, _notice),
    "alarm.confirmed": _confirmed,
}
