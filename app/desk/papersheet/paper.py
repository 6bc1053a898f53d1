"""The hourly sheet in words: short lines under few heads, so that two pages hold a bad night. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.desk.prints.page import clean
from app.journal.chain import NAMES, End

Row = Mapping[str, Any]
_STATES = {
    "dispatched": "待接单",
    "acknowledged": "已接单",
    "en_route": "出发",
    "on_scene": "在场",
    "sent": "未签收",
    "delivered": "已达未签收",
    "acknowledged_order": "已签收",
    "reported": "已反馈待核",
}
_MEANS = {
    "gateway": "网关",
    "app": "应用",
    "vehicle": "车载",
    "sms": "短信",
    "voice": "手机",
    "duty_line": "值班电话",
    "radio_370": "370",
    "satellite_phone": "卫星电话",
    "beidou": "北斗",
    "sbd": "SBD",
    "neighbour": "代传",
    "messenger": "通信员",
    "in_person": "当面",
}
_CASUALTIES = {
    "dead": "死",
    "missing": "失踪",
    "trapped": "被困",
    "seriously_injured": "重伤",
    "slightly_injured": "轻伤",
    "evacuated": "转移",
    "homes": "房",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the sheet: its title, heads, widths in millimetres (186 in all) and rows."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "无"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet; `numbers` are telephone numbers, `proof` the end of the journal at its foot."""

    title: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    numbers: tuple[str, ...]
    proof: str = ""

    def characters(self) -> set[str]:
        """Return every character that is printed."""
        words = [
            self.title,
            *self.facts,
            *self.numbers,
            self.proof,
            "电话号码",
            "签收接班时间",
            "断电后手写续记",
        ]
        for section in self.sections:
            words += [
                section.title,
                section.empty,
                *section.heads,
                *(cell for row in section.rows for cell in row),
            ]
        return set("".join(words)) | set(" :0123456789第页/共—()、,;·")


def sheet_of(
    found: Mapping[str, Sequence[Row]], network: str, owner: str, now: datetime, zone: ZoneInfo
) -> Sheet:
    """Put what is open into words. `network` says how our own network is, `owner` whose desk it is."""
    at = _Times(now, zone)
    return Sheet(
        title="应急值守纸质清单",
        facts=(
            f"截至 {now.astimezone(zone):%Y年%m月%d日 %H:%M}",
            f"值班长 {owner or '—'}",
            network,
        ),
        sections=(
            Section(
                "失联单位",
                ("单位", "最后心跳", "可用手段", "最后情况", "责任人"),
                (42, 18, 30, 74, 22),
                _rows(_out(one, at) for one in found["out"]),
            ),
            Section(
                "未结事件",
                ("编号", "级别", "事件", "地点", "立案", "伤亡"),
                (34, 10, 58, 40, 16, 28),
                _rows(_incident(one, at) for one in found["incidents"]),
            ),
            Section(
                "在外队伍",
                ("事件", "队伍", "人数", "状态", "派单", "下一时限", "队长电话"),
                (34, 46, 10, 18, 16, 18, 44),
                _rows(_assignment(one, at) for one in found["assignments"]),
            ),
            Section(
                "待办指令",
                ("编号", "内容", "受令单位", "状态", "时限"),
                (40, 62, 40, 22, 22),
                _rows(_order(one, at) for one in found["orders"]),
            ),
            Section(
                "时限与待办",
                ("事项", "内容", "时限"),
                (22, 142, 22),
                _rows(_clock(one, at) for one in (*found["status"], *found["matters"])),
            ),
            Section(
                "在外通信员",
                ("通信员", "去往", "口信", "出发", "预计返回"),
                (36, 44, 62, 18, 26),
                _rows(_messenger(one, at) for one in found["messengers"]),
            ),
        ),
        numbers=tuple(_numbers(found["posts"], found["terminals"])),
    )


def proof_line(stream: str, end: End) -> str:
    """Return the end of a journal as it is printed: who holds the sheet can prove what stood before."""
    said = end.hash.hex()
    groups = " ".join(said[at : at + 8] for at in range(0, len(said), 8))
    return (
        f"日志 {stream} 至第 {end.seq} 条,{NAMES[end.algorithm]} 校验值 {groups}"
        if said
        else f"日志 {stream}:0 条"
    )


@dataclass(frozen=True, slots=True)
class _Times:
    now: datetime
    zone: ZoneInfo

    def said(self, at: datetime | None) -> str:
        """Return a time as short as it can be understood; what is over is marked."""
        if at is None:
            return "—"
        local = at.astimezone(self.zone)
        near = local.date() == self.now.astimezone(self.zone).date()
        return f"{local:%H:%M}" if near else f"{local:%m-%d %H:%M}"

    def due(self, at: datetime | None) -> str:
        """Return a time by which something is due; one that has passed is said to be over."""
        late = at is not None and at < self.now
        return self.said(at) + ("超" if late else "")


def _rows(rows: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(clean(str(cell)) for cell in row) for row in rows)


def _out(one: Row, at: _Times) -> tuple[str, ...]:
    frozen = one["frozen"] or {}
    parts = [*frozen.get("incidents", [])[:3], *frozen.get("teams_out", [])[:2]]
    if heads := frozen.get("shelter_heads"):
        parts.append(f"安置 {heads} 人")
    if words := frozen.get("last_words"):
        parts.append(f"最后来报:{words}")
    means = "、".join(_MEANS.get(name, name) for name in one["means"])
    return (
        f"{one['name_zh']} {one['phone']}".strip(),
        at.said(one["heartbeat_at"]),
        f"仅 {means}" if means else "全部无应答",
        ";".join(parts) or "—",
        one["owner"] or "—",
    )


def _incident(one: Row, at: _Times) -> tuple[str, ...]:
    told = one["casualties"] or {}
    hurt = " ".join(f"{word}{told[key]:g}" for key, word in _CASUALTIES.items() if told.get(key))
    level = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}.get(one["initial_level"], "")
    return (
        one["number"],
        level,
        one["title"],
        one["place"],
        at.said(one["opened_at"]),
        "" if one["sealed"] else hurt or "—",
    )


def _assignment(one: Row, at: _Times) -> tuple[str, ...]:
    return (
        str(one["number"]),
        f"{one['team']} {one['call_sign']}".strip(),
        str(one["people"]),
        str(_STATES.get(one["state"], one["state"])),
        at.said(one["assigned_at"]),
        at.due(one["due_at"]),
        f"{one['leader']} {one['phone']}".strip(),
    )


def _order(one: Row, at: _Times) -> tuple[str, ...]:
    state = "acknowledged_order" if one["state"] == "acknowledged" else one["state"]
    return (
        str(one["number"] or ""),
        one["title"],
        one["name"],
        _STATES.get(state, state),
        at.due(one["due_at"]),
    )


def _clock(one: Row, at: _Times) -> tuple[str, ...]:
    if "asked" in one:
        return ("调度", f"{one['title']}(未报 {one['silent']}/{one['asked']})", at.due(one["due_at"]))
    return ("待办", one["text"], at.due(one["due_at"]))


def _messenger(one: Row, at: _Times) -> tuple[str, ...]:
    return (
        f"{one['messenger']} {one['phone']}".strip(),
        one["places"],
        one["words"],
        at.said(one["left_at"]),
        at.due(one["expected_at"]),
    )


def _numbers(posts: Sequence[Row], terminals: Sequence[Row]) -> list[str]:
    kinds = {"satellite_phone": "卫星电话", "beidou_terminal": "北斗"}
    told = [f"{one['name_zh']} {one['phone']}" for one in posts]
    told += [f"{kinds[one['kind']]} {one['label']} {one['number']}" for one in terminals]
    return [clean(one) for one in told]
