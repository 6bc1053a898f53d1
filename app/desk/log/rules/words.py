"""What a row of the journal says in the duty log: words, business lines, where it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.delivery.reason_words import reason_words
from app.desk.log.rules import shelter_words, supply_words
from app.desk.log.rules.callout_words import CALLOUT_WORDS
from app.desk.log.rules.dark_words import DARK_WORDS
from app.desk.log.rules.drone_words import DRONE_WORDS
from app.desk.log.rules.forces_words import (
    HANDOFF,
    MAINTENANCE,
    OUTSIDE,
    STATIONED,
    handoff,
    maintenance,
    outside,
    stationed,
)
from app.desk.log.rules.incident_words import INCIDENT_WORDS
from app.desk.log.rules.meeting_words import MEETING_WORDS
from app.desk.log.rules.said import SYSTEM, Body, Said
from app.desk.log.rules.status_words import STATUS_WORDS
from app.desk.log.rules.warning_words import WARNING_WORDS
from app.filing.rules.numbers import DRILL_MARK

__all__ = ["TOLD_BY_HOUSE", "Said", "said"]

_STEPS = {
    "assignment.dispatched": ("派单", "sent"),
    "assignment.acknowledged": ("接单", "acknowledged"),
    "assignment.declined": ("拒绝", "declined"),
    "assignment.en_route": ("出发", "en route"),
    "assignment.on_scene": ("到场", "on scene"),
    "assignment.task_done": ("任务完成", "task done"),
    "assignment.cancelled": ("撤回", "withdrawn"),
    "assignment.escalated": ("未应答,升级", "no answer, escalated"),
}
_ALARM = {
    "alarm.raised": ("报警", "alarm"),
    "alarm.acknowledged": ("报警已知悉", "alarm acknowledged"),
    "alarm.dismissal_asked": ("提出误报解除", "dismissal asked for"),
    "alarm.dismissal_refused": ("误报解除未获确认", "dismissal refused"),
    "alarm.dismissed": ("报警排除", "alarm dismissed"),
}
_DELIVERY = {
    "delivery.failed": ("消息发送失败", "message failed"),
    "delivery.expired": ("消息过期未发", "message expired"),
}
_NOTICE = {
    "notice.sent": ("通知", "told"),
    "notice.escalated": ("未阅,短信通知", "told by SMS"),
    "notice.read": ("通知已阅", "read by"),
}
_LEAVE = {
    "leave.asked": ("申请请假", "asks for leave"),
    "leave.approved": ("准假", "is granted leave"),
    "leave.refused": ("未准假", "is refused leave"),
    "leave.withdrawn": ("撤回请假", "withdraws leave"),
}
_ROSTER = {
    "roster.overridden": ("排班调整", "roster changed"),
    "roster.override_revoked": ("撤销排班调整", "roster change taken back"),
    "roster.temporary_set": ("临时排班", "temporary schedule"),
    "roster.temporary_revoked": ("撤销临时排班", "temporary schedule taken back"),
}
_MOVED = {
    "handover.arrived": ("到岗", "is here"),
    "handover.late": ("迟到接班", "came late"),
    "handover.left": ("离岗", "left"),
}
_PARTS = {
    "outgoing": ("交班", "outgoing"),
    "incoming": ("接班", "incoming"),
    "leader": ("带班领导", "leader"),
}
_MATTER = {
    "handover.matter_due": ("到期", "due"),
    "handover.matter_added": ("记入", "noted"),
    "handover.matter_closed": ("办结", "done"),
}
_MATTER_KINDS = {
    "clock": "事项",
    "instruction": "领导指示",
    "warning": "预警",
    "response": "应急响应",
    "unfinished": "未办完事项",
    "equipment": "设施情况",
    "keys": "钥匙涉密",
    "weather": "天气",
    "note": "留言",
}


def _alarm(type_: str, body: Body) -> Said:
    alarm = body["alarm"]
    zh, en = _ALARM[type_]
    who = alarm["holder_name"] or alarm["device_label"]
    both = "SOS" if alarm["kind"] == "sos" else alarm["text"] or alarm["kind"]
    zh_words, _, en_words = both.partition("/ ")  # a device's trouble is written down in both languages
    mark = DRILL_MARK if alarm.get("drill_id") else ""
    return Said(
        f"{mark}{zh} {who} {zh_words.rstrip()} {alarm['region_path']}",
        f"{mark}{en} {who} {en_words or both}",
        ("rescue",),
        alarm["device_label"],
        alarm["dismiss_reason"] or (alarm.get("dismissal") or {}).get("reason") or "",
    )


def _step(type_: str, body: Body) -> Said:
    assignment = body["assignment"]
    zh, en = _STEPS[type_]
    owner = body.get("owner") or {}
    sent = type_ == "assignment.dispatched"
    instead = "(补派)" if sent and assignment.get("replaces_id") else ""
    led = f",报 {owner['lead_name']}" if owner else ""
    return Said(
        f"{assignment['incident_number']} {assignment['team_name']} {zh}{instead}{led}",
        f"{assignment['incident_number']} {assignment['team_name']} {en}",
        ("rescue",),
        "值班室" if sent else assignment["answered_by"] or assignment["team_name"],
        assignment["text"] if sent else assignment["reason"] or "",
    )


def _delivery(type_: str, body: Body) -> Said:
    zh, en = _DELIVERY[type_]
    delivery = body["delivery"]
    return Said(
        f"{zh} {delivery['address']}",
        f"{en} {delivery['address']}",
        ("rescue",),
        SYSTEM,
        reason_words(delivery["reason"] or "")[0],
    )


def _text(_: str, body: Body) -> Said:
    words = body["text"]
    return Said(words["text"], words["text"], ("rescue",), words["device_label"])


def _standby(_: str, body: Body) -> Said:
    team = body["team"]
    zh, en = ("转入备勤", "on standby") if team["standby"] else ("转为休勤", "off duty")
    return Said(f"{team['name_zh']} {zh}", f"{team['name_zh']} {en}", ("rescue",), SYSTEM)


def _roll_call(type_: str, body: Body) -> Said:
    call = body["roll_call"]
    if type_ == "roll_call.opened":
        return Said(f"点名 {call['title']}", f"roll call {call['title']}", ("government",), "值班室")
    share = f"{call['answered']}/{call['total']}"
    return Said(
        f"点名结束 {call['title']} 应答 {share}",
        f"roll call {call['title']} closed, {share}",
        ("government",),
        "值班室",
    )


def _leave(type_: str, body: Body) -> Said:
    zh, en = _LEAVE[type_]
    who = body["leave"]["person_name"]
    return Said(f"{who} {zh}", f"{who} {en}", ("government",), who, body["leave"]["remark"])


def _published(_: str, body: Body) -> Said:
    month = str(body["month"])[:7]
    return Said(f"值班表发布 {month}", f"roster published {month}", ("government",), "值班室")


def _roster(type_: str, body: Body) -> Said:
    zh, en = _ROSTER[type_]
    told = body.get("override") or body["temporary"]
    return Said(f"{zh}:{told['reason']}", f"{en}: {told['reason']}", ("government",), told["made_by"])


def _opened(_: str, body: Body) -> Said:
    post = body["handover"]["post_name"]
    return Said(f"开始交接班 {post}", f"hand-over begins: {post}", ("government",), "值班室")


def _completed(_: str, body: Body) -> Said:
    owner = body["owner"]
    return Said(
        f"交接班完成,{owner['lead_name']} 接班",
        f"handed over: {owner['lead_name']} owns the desk",
        ("government",),
        "值班室",
    )


def _signed(_: str, body: Body) -> Said:
    signature = body["signature"]
    zh, en = _PARTS[signature["part"]]
    who = signature["person_name"]
    return Said(f"{zh}签字 {who}", f"signed ({en}) by {who}", ("government",), who, signature["reason"])


def _moved(type_: str, body: Body) -> Said:
    member = body["member"]
    zh, en = _MOVED[type_]
    late = f" {member['late_min']} 分钟" if type_ == "handover.late" else ""
    return Said(
        f"{member['name']} {zh}{late}",
        f"{member['name']} {en}",
        ("government",),
        member["name"],
        member["remark"],
    )


def _notice(type_: str, body: Body) -> Said:
    notice = body["notice"]
    who, text = notice["person_name"], notice["text"]
    zh, en = _NOTICE[type_]
    if type_ == "notice.sent" and notice["step"] == "none":
        zh, en = "通知未能送达(未登录)", "cannot be told, not logged in:"
    source = who if type_ == "notice.read" else notice["sent_by"] or SYSTEM
    said_en = notice.get("text_en") or text  # what was told before it had its English
    return Said(f"{zh} {who}:{text}", f"{en} {who}: {said_en}", ("government",), source)


def _matter(type_: str, body: Body) -> Said:
    zh, en = _MATTER[type_]
    matter = body["matter"]
    kind = _MATTER_KINDS.get(matter["kind"], "")
    return Said(
        f"{zh}{kind}:{matter['text']}",
        f"{en}: {matter['text']}",
        ("government",),
        matter["made_by"],
        matter["outcome"],
    )


def _supply(type_: str, body: Body) -> Said:
    tell = supply_words.transfer_words if type_ in supply_words.TRANSFER else supply_words.other_words
    zh, en, source, action = tell(type_, body)
    return Said(zh, en, ("disaster", "rescue"), source, action)


def _sheltered(type_: str, body: Body) -> Said:
    zh, en, source, action = shelter_words.shelter_words(type_, body)
    return Said(zh, en, ("disaster", "rescue"), source or SYSTEM, action)


_WORDS: Mapping[str, Callable[[str, Body], Said]] = {
    **INCIDENT_WORDS,
    **dict.fromkeys(_ALARM, _alarm),
    **dict.fromkeys(_STEPS, _step),
    **dict.fromkeys(_DELIVERY, _delivery),
    **dict.fromkeys(_LEAVE, _leave),
    **dict.fromkeys(_ROSTER, _roster),
    **dict.fromkeys(_MOVED, _moved),
    **dict.fromkeys(_MATTER, _matter),
    **dict.fromkeys((*supply_words.TRANSFER, *supply_words.OTHER), _supply),
    **dict.fromkeys(shelter_words.KINDS, _sheltered),
    **dict.fromkeys(_NOTICE, _notice),
    "text.received": _text,
    "team.standby_changed": _standby,
    **dict.fromkeys(STATIONED, stationed),
    **dict.fromkeys(MAINTENANCE, maintenance),
    **dict.fromkeys(HANDOFF, handoff),
    **dict.fromkeys(OUTSIDE, outside),
    "roll_call.opened": _roll_call,
    "roll_call.closed": _roll_call,
    "roster.published": _published,
    "handover.opened": _opened,
    "handover.signed": _signed,
    "handover.completed": _completed,
    **STATUS_WORDS,
    **MEETING_WORDS,
    **CALLOUT_WORDS,
    **DARK_WORDS,
    **DRONE_WORDS,
    **WARNING_WORDS,
}
TOLD_BY_HOUSE: tuple[str, ...] = tuple(_WORDS)
"""The kinds of event that stand in the log; retries, logins and nightly tests do not."""


def said(type_: str, body: Body) -> Said:
    """Return what a journal row says in the log; its type must be one of TOLD_BY_HOUSE."""
    return _WORDS[type_](type_, body)
