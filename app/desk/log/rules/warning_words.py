"""What warnings say in the duty log."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.desk.log.rules.said import SYSTEM, Body, Said

_CHANGED = {
    "warning.issued": ("收到预警", "warning received"),
    "warning.updated": ("预警变更", "warning changed"),
    "warning.lifted": ("预警解除", "warning lifted"),
    "warning.expired": ("预警到期失效", "warning expired"),
    "warning.acknowledged": ("签收预警", "warning acknowledged"),
}
_NOTED = {
    "warning.message_waits": ("预警消息待人工核实", "a message of a warning waits for a person"),
    "warning.message_refused": ("预警消息被拒收", "a message of a warning was refused"),
    "warning.message_vouched": ("人工采用预警消息", "a person lets a message count"),
    "warning.message_rejected": ("人工不采用预警消息", "a person sets a message aside"),
}
_TURNS = {"up": ("升级", "raised"), "down": ("降级", "lowered")}


def _changed(type_: str, body: Body) -> Said:
    zh, en = _CHANGED[type_]
    one = body["warning"]
    where = "、".join(one["unit_names"][:6]) or "未明确地区"
    more = f"等{len(one['unit_names'])}个" if len(one["unit_names"]) > 6 else ""
    turn = _TURNS.get((body.get("diff") or {}).get("turn", ""), ("", ""))
    zh_turn, en_turn = (f"({turn[0]})", f" ({turn[1]})") if turn[0] else ("", "")
    text = f"{zh}{zh_turn}:{one['title']},{where}{more},{one['people']}人"
    source = one["acks"][-1]["by"] if type_ == "warning.acknowledged" and one["acks"] else one["issuer"]
    return Said(text, f"{en}{en_turn}: {one['title']}", ("disaster",), source or SYSTEM)


def _noted(type_: str, body: Body) -> Said:
    zh, en = _NOTED[type_]
    title = body["title"] or body["source_name"]
    why = body["reason"] or body["finding_zh"]
    why_en = body["reason"] or body["finding_en"]
    return Said(
        f"{zh}:{title}{f'({why})' if why else ''}",
        f"{en}: {title}{f' ({why_en})' if why_en else ''}",
        ("disaster",),
        body["by"] or body["source_name"] or SYSTEM,
    )


WARNING_WORDS: Mapping[str, Callable[[str, Body], Said]] = {
    **dict.fromkeys(_CHANGED, _changed),
    **dict.fromkeys(_NOTED, _noted),
}
