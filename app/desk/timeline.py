"""The timeline of one incident, folded from the journal: what happened, when, how long it took."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.db import Tx
from app.delivery.reason_words import reason_words
from app.desk.log.rules.dark_words import means_words
from app.desk.log.rules.drone_words import flight_of
from app.desk.log.rules.forces_words import handoff_of, outside_of
from app.desk.log.rules.shelter_words import detail_of
from app.desk.log.rules.supply_words import goods_of
from app.desk.stages import STAGES, WORDS, Stage, counted, stage_of
from app.desk.timeline_rows import rows_of, sent_to, three_times_of
from app.desk.timeline_sums import Answered, VerbCount, answered, verb_counts
from app.desk.timeline_words import EVENT_WORDS
from app.desk.verbs import Verb, verb_of
from app.dispatch.facts import IncidentFact
from app.dispatch.store import alarms, incidents
from app.journal.store import JournalRow
from app.org.rules.access import Viewer, may_see
from app.refusals import NotFound
from app.wire import Fact

Body = Mapping[str, Any]

# The milestones of the main job, in their order (domain/rules B6).
MILESTONES = (
    ("heard", "接报", "heard"),
    ("answered", "接起", "answered"),
    ("opened", "立案", "opened"),
    ("assigned", "派单", "assigned"),
    ("acknowledged", "接单", "acknowledged"),
    ("on_scene", "到场", "on scene"),
    ("done", "完成", "done"),
    ("closed", "结案", "closed"),
)

_CHANNEL_WORDS = {
    "app": "手机 app",
    "beidou": "北斗短报文 Beidou",
    "jt808": "车载终端 terminal",
    "radio": "电台 radio",
    "radio_370": "370 电台 370 MHz radio",
    "sms": "短信 SMS",
    "neighbour": "代传 through a neighbour",
    "messenger": "通信员 messenger",
    "telephone": "电话 telephone",
    "satellite_phone": "卫星电话 satellite phone",
    "in_person": "当面 in person",
}


class Milestone(Fact):
    """One reached milestone; `elapsed_s` counts from the first one."""

    name: str
    zh: str
    en: str
    at: datetime | None
    elapsed_s: float | None


class Line(Fact):
    """One line of the timeline: `at` it was written down.

    What was entered after the fact also has when it happened, when the desk was told, by what means and
    who vouches for it.
    """

    seq: int
    at: datetime
    happened_at: datetime | None = None
    told_at: datetime | None = None
    channel: str = ""
    voucher: str = ""
    type: str
    actor: str | None
    zh: str
    en: str
    stage: Stage
    verb: Verb


class StageCount(Fact):
    """One of the eight stages and how many entries belong to it."""

    stage: Stage
    zh: str
    en: str
    count: int


class TeamTimes(Fact):
    """The times of one team at this incident; what did not happen is None, never negative."""

    team_name: str
    state: str
    assigned_at: datetime
    acknowledged_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    task_done_at: datetime | None
    answered_by: str | None
    answer_channel: str | None


class Timeline(Fact):
    """The whole story of one incident."""

    incident: IncidentFact
    milestones: list[Milestone]
    teams: list[TeamTimes]
    entries: list[Line]
    stages: list[StageCount]
    verbs: list[VerbCount]
    calls: list[Answered]


async def timeline(tx: Tx, viewer: Viewer, incident_id: int) -> Timeline:
    """Return the timeline of an incident this person may see. Raises NotFound."""
    seen = await incidents.seen(tx, viewer.stream, incident_id)
    if seen is None or not may_see(viewer, seen.concern):
        raise NotFound("该事件", "incident")
    calls = await alarms.of_incident(tx, [incident_id])
    sent = await sent_to(tx, incident_id)
    reached: dict[str, datetime | None] = {
        "heard": min([alarm.first_heard_at for alarm in calls] + _rang(seen.fact) + [seen.fact.received_at]),
        "answered": _first(one.answered_at for one in seen.fact.callers),
        "opened": seen.fact.opened_at,
        "assigned": _first(a.assigned_at for a in sent),
        "acknowledged": _first(a.acknowledged_at for a in sent),
        "on_scene": _first(a.on_scene_at for a in sent),
        "done": _first(a.task_done_at for a in sent),
        "closed": seen.fact.closed_at,
    }
    rows = await rows_of(tx, viewer.stream, seen.fact)
    return Timeline(
        incident=seen.fact,
        milestones=milestones(reached),
        teams=[TeamTimes(**{name: getattr(a, name) for name in TeamTimes.model_fields}) for a in sent],
        entries=lines(rows),
        stages=stage_counts(counted([(row.type, 1) for row in rows])),
        verbs=verb_counts(row.type for row in rows),
        calls=answered(seen.fact),
    )


def _rang(incident: IncidentFact) -> list[datetime]:
    return [one.ring_began_at for one in incident.callers if one.ring_began_at is not None]


def stage_counts(counts: Mapping[Stage, int]) -> list[StageCount]:
    """Return the stages in their order, each with its words and count."""
    return [
        StageCount(stage=stage, zh=WORDS[stage][0], en=WORDS[stage][1], count=counts[stage])
        for stage in STAGES
    ]


def milestones(reached: dict[str, datetime | None]) -> list[Milestone]:
    """Return the milestones with the seconds since the call was heard."""
    start = reached["heard"]
    result = []
    for name, zh, en in MILESTONES:
        at = reached[name]
        if name == "answered" and at is None:
            continue  # nobody's telephone rang
        elapsed = (at - start).total_seconds() if at and start and at >= start else None
        result.append(Milestone(name=name, zh=zh, en=en, at=at, elapsed_s=elapsed))
    return result


def lines(rows: Sequence[JournalRow]) -> list[Line]:
    """Return one line a journal row, in both languages."""
    return [_line(row) for row in rows]


def _line(row: JournalRow) -> Line:
    body = json.loads(row.body)
    zh, en = EVENT_WORDS.get(row.type, (row.type, row.type))
    said_zh, said_en = (body["zh"], body["en"]) if "zh" in body else (_detail(body),) * 2
    return Line(
        seq=row.seq,
        at=row.at,
        **three_times_of(body, row.at),
        type=row.type,
        actor=(body.get("actor") or {}).get("name"),
        zh=f"{zh}:{said_zh}" if said_zh else zh,
        en=f"{en}: {said_en}" if said_en else en,
        stage=stage_of(row.type),
        verb=verb_of(row.type),
    )


def _detail(body: Body) -> str:
    for key, say in _DETAILS:
        if thing := body.get(key):
            return say(body, thing)
    return ""


def _entry(body: Body, entry: Body) -> str:
    if body["type"] == "duty_log.entered":
        return str(entry["text"])
    return f"{means_words(entry['channel'])[0]} {entry['voucher']}:{entry['words']}"


def _transfer(_: Body, transfer: Body) -> str:
    return f"{transfer['number']} {transfer['warehouse_name']} → {transfer['to_name']} {goods_of(transfer)}"


def _assignment(body: Body, assignment: Body) -> str:
    channel = _CHANNEL_WORDS.get(str(assignment.get("answer_channel")), "")
    note = body.get("note") or assignment.get("reason")
    return " · ".join(str(w) for w in (assignment["team_name"], channel, note) if w)


def _reservation(_: Body, reservation: Body) -> str:
    return " · ".join(str(w) for w in (reservation["team_name"], reservation["reason"]) if w)


def _delivery(_: Body, delivery: Body) -> str:
    channel = _CHANNEL_WORDS.get(str(delivery["channel"]), str(delivery["channel"]))
    address = "" if delivery["channel"] == "app" else delivery["address"]
    zh, en = reason_words(delivery["reason"] or "")
    return " · ".join(str(w) for w in (channel, address, zh if zh == en else f"{zh} {en}") if w)


def _alarm(body: Body, alarm: Body) -> str:
    words = [f"{alarm['device_label']} ×{alarm['count']}"]
    if body["type"] == "alarm.acknowledged" and alarm.get("reply"):
        words.append(f"自动回复 replied:{alarm['reply']}")
    if alarm["kind"] == "caller_silent":
        words.append(alarm["text"])
    if "dismiss" in body["type"]:
        asked = alarm.get("dismissal") or {}
        words += [
            alarm["settled_by"] or asked.get("by", ""),
            alarm["dismiss_reason"] or asked.get("reason", ""),
        ]
    return " · ".join(str(word) for word in words if word)


def _order(body: Body, order: Body) -> str:
    words = [order["number"] or "", order["title"]]
    if recipient := body.get("recipient"):
        words = [order["number"] or "", recipient["name"]]
    if supervision := body.get("supervision"):
        words.append(f"第{supervision['step']}次")
    words.append((body.get("answer") or {}).get("text") or order.get("withdrawn_reason"))
    return " ".join(str(word) for word in words if word)


def _report(body: Body, report: Body) -> str:
    words = [report["number"] or "", report["title"], body.get("addressee"), body.get("words")]
    return " ".join(str(word) for word in words if word)


# What a row is about, the first of these that it holds.
_DETAILS: tuple[tuple[str, Callable[[Body, Body], str]], ...] = (
    ("entry", _entry),
    ("message", lambda _, one: f"{one['addressee'] or one['address']} {one['reason']}"),
    ("messenger", lambda _, one: f"{one['messenger']} {one['report'] or one['words']}"),
    ("mission", lambda body, _: flight_of(body)),
    ("transfer", _transfer),
    ("shelter", lambda body, _: detail_of(body)),
    ("evacuation", lambda body, _: detail_of(body)),
    ("request", lambda _, request: str(request["reason"])),
    ("assignment", _assignment),
    ("handoff", lambda _, one: handoff_of(one)),
    ("outside", lambda _, one: outside_of(one)),
    ("reservation", _reservation),
    ("delivery", _delivery),
    ("alarm", _alarm),
    ("order", _order),
    ("report", _report),
    ("instruction", lambda _, one: f"{one['leader_name']}:{one['text']}"),
    ("incident", lambda _, incident: str(incident.get("close_reason") or incident["title"])),
)


def _first(instants: Iterable[datetime | None]) -> datetime | None:
    known = [at for at in instants if at is not None]
    return min(known) if known else None
