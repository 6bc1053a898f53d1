"""What shelters and evacuations say in the duty log: numbers and places, nobody by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]
Words = tuple[str, str, str, str]
"""What happened (Chinese, English), who told it, what was done about it."""

SHELTER: Mapping[str, tuple[str, str]] = {
    "shelter.opened": ("开启", "opened"),
    "shelter.counted": ("清点", "counted"),
    "shelter.closed": ("关闭", "closed"),
    "shelter.nearly_full": ("容量告急", "nearly full"),
}
EVACUATION: Mapping[str, tuple[str, str]] = {
    "evacuation.ordered": ("下达人员转移", "evacuation ordered"),
    "evacuation.ended": ("人员转移结束", "evacuation ended"),
    "evacuation.added": ("转移名单增补", "added to the list"),
    "evacuation.moved": ("人员转移", "moved"),
    "evacuation.refused": ("拒绝转移", "refused to go"),
    "evacuation.corrected": ("转移登记更正", "tick set back"),
    "evacuation.returned": ("转移人员返家", "home again"),
    "evacuation.missing": ("转移人员失联", "missing"),
}
KINDS = (*SHELTER, *EVACUATION)


def shelter_words(type_: str, body: Body) -> Words:
    """Return what an event of shelters or evacuations says."""
    return _shelter(type_, body) if type_ in SHELTER else _evacuation(type_, body)


def detail_of(body: Body) -> str:
    """Return which shelter or villages an event is about, and how many persons."""
    if shelter := body.get("shelter"):
        heads = body.get("heads")
        return f"{shelter['name_zh']} {shelter['present'] if heads is None else heads}/{shelter['capacity']}"
    one = body["evacuation"]
    tally, goal = one["tally"], f" → {body['shelter_name']}" if body.get("shelter_name") else ""
    count = f" +{body['count']}" if "count" in body else ""
    return f"{'、'.join(body['villages'])}{goal}{count} {tally['moved']}/{tally['total']}"


def _shelter(type_: str, body: Body) -> Words:
    one, (zh, en) = body["shelter"], SHELTER[type_]
    name, full = one["name_zh"], f"{one['present']}/{one['capacity']}"
    if type_ == "shelter.nearly_full":
        other = body["proposed"]
        to = other["shelter"]["name_zh"] if other else ""
        action = f"建议启用{to}(可容 {other['room']} 人)" if other else "辖区内无可用安置点,请向上级请求"
        return f"{name}{zh}:{full} 人", f"{name} {en}: {full}", "系统", action
    heads = "" if body["heads"] is None else f" {body['heads']} 人"
    heads_en = "" if body["heads"] is None else f", {body['heads']} persons"
    return f"{zh}{name}{heads}", f"{name} {en}{heads_en}", body["told_by"], body["reason"]


def _evacuation(type_: str, body: Body) -> Words:
    zh, en = EVACUATION[type_]
    one, places = body["evacuation"], "、".join(body["villages"])
    tally = one["tally"]
    if "count" not in body:
        why = one["end_reason"] or one["reason"]
        return (
            f"{zh}:{places},{tally['total']} 人",
            f"{en}: {places}, {tally['total']}",
            one["entered_by"],
            why,
        )
    goal = f" → {body['shelter_name']}" if body["shelter_name"] else ""
    done = f"(累计 {tally['moved']}/{tally['total']})"
    text = f"{places}{goal} {body['count']} 人{done}"
    text_en = f"{places}{goal}, {body['count']} ({tally['moved']} of {tally['total']})"
    return f"{zh}:{text}", f"{en}: {text_en}", body["told_by"], body["why"]
