"""Pages that are printed: rendered on the server, escaped, with no script at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, select_autoescape

from app.desk.stages import WORDS, Stage
from app.desk.timeline import Timeline
from app.desk.verbs import VERB_WORDS
from app.duty.spot_check.facts import CircularDetail

_LEVELS = {1: "Ⅰ级(特别重大)", 2: "Ⅱ级(重大)", 3: "Ⅲ级(较大)", 4: "Ⅳ级(一般)"}
_STATES = {
    "dispatched": "已派",
    "acknowledged": "已接单",
    "en_route": "途中",
    "on_scene": "到场",
    "task_done": "完成",
    "declined": "拒绝",
    "cancelled": "撤销",
}
_CHANNELS = {
    "app": "手机",
    "beidou": "北斗",
    "jt808": "车载终端",
    "radio": "电台",
    "telephone": "电话",
    "satellite_phone": "卫星电话",
    "in_person": "当面",
}
environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)


def timeline_page(story: Timeline, zone: ZoneInfo, reader: str, stage: Stage | None = None) -> str:
    """Return the timeline of an incident as a page to print, of one stage or all, in local time."""

    def local(at: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
        return at.astimezone(zone).strftime(form) if at else "—"

    return environment.get_template("timeline.html").render(
        story=story,
        incident=story.incident,
        level=_LEVELS[story.incident.initial_level],
        states=_STATES,
        channels=_CHANNELS,
        local=local,
        lasted=lasted,
        reader=reader,
        stage=stage,
        words=WORDS,
        verbs=VERB_WORDS,
    )


def circular_page(circular: CircularDetail, zone: ZoneInfo) -> str:
    """Return the circular on a spot check as a page to print."""

    def local(at: datetime) -> str:
        return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    lines = [line for line in circular.body.splitlines() if line.strip()]
    return environment.get_template("circular.html").render(circular=circular, lines=lines, local=local)


def lasted(seconds: float | None) -> str:
    """Return a duration as people read it, e.g. 38:40 or 1:06:40; a missing one as a dash."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


_INJECT_STATES = {"waiting": "未注入", "held": "挂起", "fired": "已注入", "skipped": "跳过"}
_TASK_STATES = {
    "found": "已发现",
    "assigned": "已交办",
    "fixed": "已整改",
    "checked": "已验收",
    "closed": "已销号",
    "dropped": "已撤销",
}


def drill_sheet_page(told: Mapping[str, Any], zone: ZoneInfo) -> str:
    """Return the evaluation of a drill (演练评估表) as a page to print, in local time."""

    def local(at: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
        return at.astimezone(zone).strftime(form) if at else "—"

    return environment.get_template("drill.html").render(
        **told, local=local, lasted=lasted, states=_INJECT_STATES, task_states=_TASK_STATES
    )
