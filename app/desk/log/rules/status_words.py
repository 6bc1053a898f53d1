"""What status round-ups say in the duty log: asked, ended, heads called, texts refused; not each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.desk.log.rules.said import Body, Line, Said

_ROUND = {
    "status_call.opened": ("调度", "round-up asked"),
    "status_call.closed": ("调度结束", "round-up closed"),
    "status_call.cancelled": ("调度取消", "round-up called off"),
    "status_call.summarised": ("调度汇总", "round-up summed up"),
}
_LINES: tuple[Line, ...] = ("government",)


def _round(type_: str, body: Body) -> Said:
    call = body["status_call"]
    zh, en = _ROUND[type_]
    count = f"{call['answered']}/{call['recipients']}"
    if type_ == "status_call.opened":
        told = (f"{call['recipients']}个单位", f"{call['recipients']} units")
    else:
        told = (f"已报{count},迟报{call['late']}", f"{count} answered, {call['late']} late")
    return Said(
        f"{zh}:{call['title']}({told[0]})",
        f"{en}: {call['title']} ({told[1]})",
        _LINES,
        call["asked_by"] or call["opened_by"],
        str(body.get("reason", "")),
    )


def _escalated(_: str, body: Body) -> Said:
    called = body["called"]
    return Said(
        f"{called['unit_name']}到时未报“{called['title']}”,报其负责人{called['name']}:{called['why_zh']}",
        f"{called['unit_name']} silent on {called['title']}: called {called['name']}, {called['why_en']}",
        _LINES,
        called["unit_name"],
    )


def _refused(_: str, body: Body) -> Said:
    text = body["text"]
    return Said(
        f"{text['sender']}的填报短信未能识别:{text['words']}",
        f"an answer of {text['sender']} could not be read: {text['words']}",
        _LINES,
        text["sender"],
        text["reply"],
    )


STATUS_WORDS: Mapping[str, Callable[[str, Body], Said]] = {
    **dict.fromkeys(_ROUND, _round),
    "status_call.escalated": _escalated,
    "status_call.text_refused": _refused,
}
