"""What call-and-respond says in the duty log and to those it calls."""

from __future__ import annotations

from typing import Any

import pytest

from app.desk.log.rules.callout_words import CALLOUT_WORDS
from app.response.call_and_respond.rules import words

VILLAGES = {"tier": "village", "township_code": None, "answered": 35, "total": 36}
ROUND = {
    "title": "暴雨红色预警",
    "drill": False,
    "counts": [VILLAGES],
    "started_by": "王军",
    "ended_by": "周敏",
    "hazard": "大雨",
    "ended_words": "雨停",
}
TARGET = {"name": "青石村", "outcome": "not_passed_on", "verified_words": "没人通知"}


@pytest.mark.parametrize(
    ("kind", "body", "zh", "action"),
    [
        ("callout.started", {"callout": ROUND}, "发起叫应:暴雨红色预警(36个村)", "大雨"),
        ("callout.ended", {"callout": ROUND}, "叫应结束:暴雨红色预警(村应答35/36)", "雨停"),
        (
            "callout.started",
            {"callout": {**ROUND, "drill": True, "counts": []}},
            "【演练】发起叫应:暴雨红色预警(0个村)",
            "大雨",
        ),
        (
            "callout.widened",
            {"callout": {**ROUND, "drill": True}, "added": [TARGET]},
            "【演练】叫应扩大:暴雨红色预警,新增1处",
            "大雨",
        ),
        (
            "callout.overdue",
            {"drill": False, "title": "暴雨", "told": "西镇长", "targets": [TARGET]},
            "叫应超时未应:青石村(暴雨)",
            "已告西镇长",
        ),
        (
            "callout.overdue",
            {"drill": False, "title": "暴雨", "told": "", "targets": [TARGET]},
            "叫应超时未应:青石村(暴雨)",
            "",
        ),
        (
            "callout.handed_off",
            {"drill": False, "target": TARGET, "call": {"owner": "派出所"}},
            "青石村未应,转派出所上门",
            "",
        ),
        (
            "callout.verified",
            {"drill": False, "target": TARGET},
            "叫应核实:青石村报了未转,列入问责核查",
            "没人通知",
        ),
    ],
)
def test_the_log_says_what_happened_in_a_round(kind: str, body: dict[str, Any], zh: str, action: str) -> None:
    said = CALLOUT_WORDS[kind](kind, body)
    assert (said.zh, said.action) == (zh, action) and said.en


@pytest.mark.parametrize("drill", [True, False])
def test_every_text_of_a_drill_is_marked_and_no_other(drill: bool) -> None:
    told = (
        words.alert("暴雨红色预警", drill, ("短时强降水",), "02:50", "0001"),
        words.changed("暴雨红色预警", drill, "降为黄色", "0001"),
        words.feedback("暴雨红色预警", drill, "东岸村"),
        words.overdue("暴雨红色预警", drill, ["东岸村"]),
    )
    assert {text.startswith("【演练】") for text in told} == {drill}
