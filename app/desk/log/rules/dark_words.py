"""What working in the dark (三断) says in the duty log and in the timeline of an incident."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.desk.log.rules.said import SYSTEM, Body, Said

MEANS: Mapping[str, tuple[str, str]] = {
    "gateway": ("网关", "gateway"),
    "vehicle": ("车载终端", "vehicle terminal"),
    "app": ("应用", "app"),
    "sms": ("短信", "SMS"),
    "voice": ("手机通话", "mobile call"),
    "telephone": ("电话", "telephone"),
    "duty_line": ("值班电话", "duty line"),
    "radio": ("电台", "radio"),
    "radio_370": ("370 电台", "370 MHz radio"),
    "satellite_phone": ("卫星电话", "satellite phone"),
    "beidou": ("北斗短报文", "Beidou text"),
    "sbd": ("铱星短数据", "SBD"),
    "neighbour": ("邻近单位代传", "a neighbour"),
    "messenger": ("通信员", "messenger"),
    "in_person": ("当面", "in person"),
    "fax": ("传真", "fax"),
    "paper": ("书面", "paper"),
    "document": ("文件", "document"),
}
_CONTACT = {
    "contact.lost": ("失联", "is out of contact"),
    "contact.limited": ("仅部分手段可用", "answers by few means only"),
    "contact.restored": ("恢复联络", "is heard again"),
}
_TASK = {
    "contact.taken": ("接手恢复联络", "takes over restoring contact with"),
    "contact.attempted": ("尝试联络", "tried to reach"),
    "contact.task_closed": ("恢复联络任务办结", "closed the task to restore contact with"),
}
_RESULTS = {"reached": ("通", "reached"), "no_answer": ("无应答", "no answer"), "failed": ("不通", "failed")}
_NETWORK = {
    "network.suspected": (
        "多数单位同时静默,疑似本中心公网中断",
        "most units fell silent at once: our own network is suspected",
    ),
    "network.offline": ("本中心公网中断,公网渠道消息待发", "our public network is away: messages wait"),
    "network.back": ("本中心公网恢复", "our public network is back"),
}
_MESSENGER = {
    "messenger.sent": ("派出通信员", "messenger sent"),
    "messenger.arrived": ("通信员到达", "messenger arrived"),
    "messenger.back": ("通信员返回", "messenger back"),
    "messenger.overdue": ("通信员逾期未归", "messenger not back in time"),
}
_DECISIONS = {
    "both": ("均保留", "both stand"),
    "same": ("同一事件", "are the same"),
    "merged": ("合并", "merged"),
}
_LATE_KINDS = {"report": "报告", "log": "通话", "figure": "数字", "step": "派单步骤", "heads": "安置人数"}


def means_words(means: str) -> tuple[str, str]:
    """Return the words of a means or channel in both languages."""
    return MEANS.get(means, (means, means))


def _contact(type_: str, body: Body) -> Said:
    zh, en = _CONTACT[type_]
    by_zh = "、".join(means_words(one)[0] for one in body["means"])
    by_en = ", ".join(means_words(one)[1] for one in body["means"])
    only = type_ == "contact.limited"
    return Said(
        f"{body['name_zh']} {zh}{f':{by_zh}' if only else ''}",
        f"{body['name_zh']} {en}{f': {by_en}' if only else ''}",
        ("disaster",),
        SYSTEM,
        "已建立恢复联络任务" if type_ == "contact.lost" else "",
    )


def _task(type_: str, body: Body) -> Said:
    zh, en = _TASK[type_]
    task, tried = body["task"], body.get("attempt")
    if not tried:
        return Said(
            f"{task['name_zh']} {zh}", f"{en} {task['name_zh']}", ("disaster",), "值班室", task["closed_how"]
        )
    (by_zh, by_en), (came_zh, came_en) = means_words(tried["means"]), _RESULTS[tried["result"]]
    return Said(
        f"{zh} {task['name_zh']}:{by_zh} {came_zh}",
        f"{en} {task['name_zh']}: {by_en} {came_en}",
        ("disaster",),
        tried["voucher"] or tried["entered_by"],
        tried["words"],
    )


def _network(type_: str, body: Body) -> Said:
    zh, en = _NETWORK[type_]
    if type_ == "network.back":
        zh += f":待发 {body['waiting']},迟发 {body['late']},过时待定 {body['too_old']}"
        en += f": {body['waiting']} waited, {body['late']} late, {body['too_old']} too old"
    return Said(zh, en, ("disaster",), body["network"]["by_name"] or SYSTEM)


def _late_message(_: str, body: Body) -> Said:
    one = body["message"]
    zh, en = ("重发", "sent again") if one["decision"] == "again" else ("不再发送", "dropped")
    return Said(
        f"过时消息{zh}:{one['addressee'] or one['address']}",
        f"late message {en}: {one['addressee'] or one['address']}",
        ("rescue",),
        one["by_name"],
        one["reason"],
    )


def _late(_: str, body: Body) -> Said:
    one = body["entry"]
    zh, en = means_words(one["channel"])
    return Said(
        f"事后补录{_LATE_KINDS[one['kind']]}({zh}):{one['words']}",
        f"entered after the fact ({en}): {one['words']}",
        ("disaster",),
        one["voucher"],
    )


def _messenger(type_: str, body: Body) -> Said:
    zh, en = _MESSENGER[type_]
    one = body["messenger"]
    places = "、".join(one["village_names"]) or one["region_path"]
    told = one["words"] if type_ == "messenger.sent" else one["report"]
    return Said(
        f"{zh} {one['messenger']} → {places}{f':{told}' if told else ''}",
        f"{en}: {one['messenger']} → {places}{f': {told}' if told else ''}",
        ("disaster",),
        one["sent_by"] if type_ == "messenger.sent" else one["voucher"] or one["messenger"],
    )


def _pair(_: str, body: Body) -> Said:
    one = body["pair"]
    if one["decision"] is None:
        return Said(f"疑似重复:{one['why_zh']}", f"may be told twice: {one['why_en']}", ("disaster",), SYSTEM)
    zh, en = _DECISIONS[one["decision"]]
    return Said(f"对账:{zh}", f"reconciled: {en}", ("disaster",), "值班室", one["reason"])


DARK_WORDS: Mapping[str, Callable[[str, Body], Said]] = {
    **dict.fromkeys(_CONTACT, _contact),
    **dict.fromkeys(_TASK, _task),
    **dict.fromkeys(_NETWORK, _network),
    **dict.fromkeys(_MESSENGER, _messenger),
    "network.late_decided": _late_message,
    "late.entered": _late,
    "pair.suspected": _pair,
    "pair.settled": _pair,
    "clock.stepped": lambda _, body: Said(body["zh"], body["en"], ("disaster",), SYSTEM),
}
