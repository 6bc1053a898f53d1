"""What meetings by video say in the duty log: opened, ended with the count, who did not come."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.desk.log.rules.said import Body, Line, Said

_LINES: tuple[Line, ...] = ("government",)
_MISSED = {"meeting.missed": ("未接", "did not answer"), "meeting.declined": ("拒接", "declined")}


def _meeting(type_: str, body: Body) -> Said:
    meeting = body["meeting"]
    roll = meeting["kind"] == "roll_call"
    zh, en = ("视频点名", "video roll call") if roll else ("视频会商", "video meeting")
    count = f"{meeting['answered']}/{meeting['total']}"
    if type_ == "meeting.opened":
        told = ("、".join(body["called"]), ", ".join(body["called"]))
        return Said(
            f"{zh} {meeting['title']}:{told[0]}",
            f"{en} {meeting['title']}: {told[1]}",
            _LINES,
            meeting["opened_by"],
        )
    took = "" if meeting["median_s"] is None else f",接通用时中位 {meeting['median_s']} 秒"
    took_en = "" if meeting["median_s"] is None else f", connected in {meeting['median_s']} s (median)"
    return Said(
        f"{zh}结束 {meeting['title']} 已到 {count}{took}",
        f"{en} {meeting['title']} closed, {count} came{took_en}",
        _LINES,
        meeting["closed_by"] or "系统",
    )


def _absent(type_: str, body: Body) -> Said:
    zh, en = _MISSED[type_]
    name = body["member"]["name"]
    return Said(f"{name} {zh}:{body['title']}", f"{name} {en}: {body['title']}", _LINES, name)


MEETING_WORDS: Mapping[str, Callable[[str, Body], Said]] = {
    "meeting.opened": _meeting,
    "meeting.closed": _meeting,
    **dict.fromkeys(_MISSED, _absent),
}
