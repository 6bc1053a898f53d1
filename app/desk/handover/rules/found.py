"""What the sources of a sheet found, put into words: one pure function a source (domain/rules B7 R9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.desk.handover.rules.items import Item, Kind

NAMED = 5  # so many names stand in a line, the rest is a number


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """A call for help or a telephone call that nobody has judged."""

    id: int
    kind: str
    label: str
    place: str


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident."""

    id: int
    number: str
    title: str
    level: int
    place: str


@dataclass(frozen=True, slots=True)
class TeamOut:
    """A team that is out, with how many people; `due_at` is when its silence is next acted upon."""

    assignment_id: int
    incident_id: int
    incident_number: str
    team: str
    people: int
    state: str
    assigned_at: datetime
    answer_due_at: datetime
    due_at: datetime | None
    leader_alerted: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """Something written down by hand that outlives a shift."""

    id: int
    kind: Kind
    text: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Device:
    """A device whose tests do not stand well: failed, overdue or untested."""

    label: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Absence:
    """Leave that somebody of this desk has asked for."""

    id: int
    person: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RosterChange:
    """A change of the roster that begins within the coming shift or holds in it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    reason: str


_ALARMS = {"sos": ("求救未处置", "call for help not judged"), "call": ("来电未接", "call not answered")}
_STATES = {
    "dispatched": ("未接单", "not acknowledged"),
    "acknowledged": ("已接单", "acknowledged"),
    "en_route": ("途中", "en route"),
    "on_scene": ("到场", "on scene"),
}
_WORDS = {
    "failed": ("不合格", "failed"),
    "overdue": ("逾期未试", "overdue"),
    "untested": ("未试", "untested"),
}
_KINDS = {
    "satellite_phone": ("卫星电话", "satellite phones"),
    "beidou_terminal": ("北斗终端", "Beidou terminals"),
    "radio_370": ("370 电台", "370 MHz radios"),
    "conference_room": ("视频会商", "video conference"),
    "uav": ("无人机", "drones"),
    "broadcast_terminal": ("广播终端", "broadcast terminals"),
    "repeater": ("中转台", "repeaters"),
    "sbd_terminal": ("铱星终端", "Iridium terminals"),
    "video_backhaul": ("视频图传", "video backhaul"),
    "tower_camera": ("铁塔视联", "tower cameras"),
}


def alarms(found: Sequence[OpenAlarm]) -> Iterator[Item]:
    """Yield calls for help and telephone calls that wait for a judgement."""
    for alarm in found:
        zh, en = _ALARMS.get(alarm.kind, ("告警未处置", "alarm not judged"))
        yield Item(f"alarm:{alarm.id}", "alarm", f"{zh}:{alarm.label} {alarm.place}", f"{en}: {alarm.label}")


def incidents(found: Sequence[OpenIncident]) -> Iterator[Item]:
    """Yield open incidents."""
    for one in found:
        words = f"{one.number} {one.title}"
        yield Item(
            f"incident:{one.id}",
            "incident",
            f"在办 {words}({_level(one.level)}){one.place}",
            f"open: {words} (level {one.level})",
            incident_id=one.id,
        )


def sealed(count: int) -> Iterator[Item]:
    """Yield that incidents are open which only their named readers may hand over: how many, no more."""
    if count:
        yield Item(
            "sealed",
            "incident",
            f"另有限知事件 {count} 起在办,由知悉人当面交接",
            f"{count} need-to-know incidents are open: their readers hand them over in person",
        )


def _level(level: int) -> str:
    return ("特别重大", "重大", "较大", "一般")[level - 1] if 1 <= level <= 4 else str(level)


def orders(found: Sequence[TeamOut], zone: ZoneInfo) -> Iterator[Item]:
    """Yield orders that nobody has acknowledged, with when their silence is acted upon."""
    for out in found:
        if out.state != "dispatched":
            continue
        sent = _clock(out.assigned_at, zone)
        led_zh, led_en = (",已报带班领导", ", leader alerted") if out.leader_alerted else ("", "")
        yield Item(
            f"order:{out.assignment_id}",
            "order",
            f"{out.incident_number} {out.team} 未接单,{sent} 派出{led_zh}",
            f"{out.incident_number} {out.team} has not answered, sent {sent}{led_en}",
            due_at=out.due_at or out.answer_due_at,
            incident_id=out.incident_id,
        )


def forces(found: Sequence[TeamOut]) -> Iterator[Item]:
    """Yield the forces that are out, an incident a line, with head counts."""
    for incident_id in dict.fromkeys(out.incident_id for out in found):
        here = [out for out in found if out.incident_id == incident_id]
        people = sum(out.people for out in here)
        zh = ";".join(f"{o.team} {o.people} 人 {_STATES.get(o.state, (o.state, ''))[0]}" for o in here)
        en = "; ".join(f"{o.team} {o.people} {_STATES.get(o.state, ('', o.state))[1]}" for o in here)
        yield Item(
            f"forces:{incident_id}",
            "forces",
            f"{here[0].incident_number} 外出 {len(here)} 队 {people} 人:{zh}",
            f"{here[0].incident_number} forces out: {len(here)} teams, {people} persons: {en}",
            incident_id=incident_id,
        )


def matters(found: Sequence[Matter]) -> Iterator[Item]:
    """Yield what was written down by hand; without a word on the weather its place stays visible."""
    for matter in found:
        yield Item(f"matter:{matter.id}", matter.kind, matter.text, matter.text, due_at=matter.due_at)
    if not any(matter.kind == "weather" for matter in found):
        yield Item("weather", "weather", "天气:交班方未填写", "weather: the outgoing team wrote nothing")


def devices(found: Sequence[Device]) -> Iterator[Item]:
    """Yield devices that failed their test, are overdue or were never tested, a kind a line."""
    for kind in sorted({device.kind for device in found}):
        zh_kind, en_kind = _KINDS.get(kind, (kind, kind))
        zh, en = [], []
        for word, (zh_word, en_word) in _WORDS.items():
            labels = sorted(d.label for d in found if d.kind == kind and d.word == word)
            if labels:
                zh.append(f"{zh_word} {len(labels)}({_names(labels, '、', '等')})")
                en.append(f"{len(labels)} {en_word} ({_names(labels, ', ', ' …')})")
        yield Item(f"devices:{kind}", "device", f"{zh_kind}:{','.join(zh)}", f"{en_kind}: {', '.join(en)}")


def _names(labels: Sequence[str], comma: str, more: str) -> str:
    return comma.join(labels[:NAMED]) + (more if len(labels) > NAMED else "")


def absences(found: Sequence[Absence], zone: ZoneInfo) -> Iterator[Item]:
    """Yield leave that still waits for a leader's word."""
    for one in found:
        span = _span(one.starts_at, one.ends_at, zone)
        yield Item(
            f"leave:{one.id}", "leave", f"待批请假 {one.person} {span}", f"leave asked {one.person} {span}"
        )


def roster_changes(found: Sequence[RosterChange], zone: ZoneInfo) -> Iterator[Item]:
    """Yield changes of the roster in the coming shift."""
    for one in found:
        words = f"{_span(one.starts_at, one.ends_at, zone)} {one.reason}"
        yield Item(f"override:{one.id}", "roster", f"排班调整 {words}", f"roster changed {words}")


def always(phone: str) -> Iterator[Item]:
    """Yield what every hand-over asks for: telephone tried (R5), equipment, keys and secret material."""
    yield Item(
        "phone",
        "phone",
        f"值班电话 {phone} 试话,未转接手机",
        f"duty telephone {phone} tried, not forwarded to a mobile",
    )
    yield Item("equipment", "equipment", "传真、视频会商、供电", "fax, video conference, power")
    yield Item("keys", "keys", "钥匙、涉密材料清点", "keys and secret material counted")


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    return f"{start.astimezone(zone):%m-%d %H:%M}–{end.astimezone(zone):%m-%d %H:%M}"
