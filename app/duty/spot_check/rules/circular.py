"""The circular on a spot check (《值班值守抽查情况通报》, domain/rules B8), drafted from the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from app.duty.spot_check.rules.judge import Failure, Method

TITLE = "值班值守抽查情况通报"
METHODS: dict[Method, str] = {
    "phone": "电话",
    "app": "终端应答",
    "radio": "电台",
    "satellite_phone": "卫星电话",
    "beidou": "北斗短报文",
    "video": "视频",
}
FAILURES: dict[Failure, str] = {
    "no_answer": "两次呼叫均无人应答",
    "slow_answer": "应答不及时",
    "absent": "值班人员脱岗",
    "substitute": "由非值班人员顶岗",
    "not_on_roster": "应答人员与值班表不符",
    "cannot_state_situation": "对当前天气、预警或带班情况不掌握",
    "log_incomplete": "值班日志记录不完整",
    "video_failed": "视频未能接通",
    "video_slow": "视频接通超过规定时限",
    "leader_unreachable": "带班领导联系不上",
    "leader_not_on_site": "应急响应期间带班领导不在岗",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One checked post: how, when it was called, who answered and what was wrong."""

    unit: str
    method: Method
    called_at: tuple[datetime, ...]
    answered_by: str
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A finished check."""

    issuer: str
    ordered_by: str
    began_at: datetime
    ended_at: datetime
    pool: int
    seed: str
    cases: tuple[Case, ...]
    rectify_within: timedelta


def draft(results: Results, zone: tzinfo) -> str:
    """Write the circular: period, method, drawn n of N, pass and fail by unit, cases named, requirements."""
    passed = [case for case in results.cases if not case.failures]
    failed = [case for case in results.cases if case.failures]
    ended = results.ended_at.astimezone(zone)
    parts = [
        "各乡镇（街道、场），各有关单位：",
        _opening(results, zone),
        "一、抽查情况",
        _counts(results, len(passed), len(failed)),
        *_units("合格单位", passed),
        *_units("不合格单位", failed),
        *(["二、存在问题", *_cases(failed, zone)] if failed else []),
        "三、有关要求" if failed else "二、有关要求",
        *_requirements(results, zone, failed=bool(failed)),
        "",
        results.issuer,
        f"{ended.year}年{ended.month}月{ended.day}日",
    ]
    return "\n".join(parts)


def _opening(results: Results, zone: tzinfo) -> str:
    began, ended = results.began_at.astimezone(zone), results.ended_at.astimezone(zone)
    until = f"{ended:%H:%M}" if began.date() == ended.date() else f"{ended.month}月{ended.day}日{ended:%H:%M}"
    order = f"根据{results.ordered_by}要求，" if results.ordered_by else ""
    return (
        f"{began.year}年{began.month}月{began.day}日{began:%H:%M}至{until}，{order}{results.issuer}"
        "对值班值守情况进行了随机抽查，现将有关情况通报如下。"
    )


def _counts(results: Results, passed: int, failed: int) -> str:
    methods = Counter(case.method for case in results.cases)
    by_method = "、".join(f"{METHODS[method]}抽查{count}个" for method, count in methods.items())
    return (
        f"本次从{results.pool}个值班岗位中随机抽取{len(results.cases)}个（抽取种子 {results.seed}），"
        f"其中{by_method}；合格{passed}个，不合格{failed}个。"
    )


def _units(heading: str, cases: Sequence[Case]) -> list[str]:
    return [f"{heading}：{'、'.join(case.unit for case in cases)}。"] if cases else []


def _cases(failed: Sequence[Case], zone: tzinfo) -> list[str]:
    return [f"{number}.{_case(case, zone)}" for number, case in enumerate(failed, start=1)]


def _case(case: Case, zone: tzinfo) -> str:
    times = "、".join(f"{at.astimezone(zone):%H:%M}" for at in case.called_at)
    who = f"，由{case.answered_by}应答" if case.answered_by else ""
    faults = "；".join(FAILURES[code] for code in case.failures)
    return f"{case.unit}：{times}{METHODS[case.method]}抽查{who}，{faults}。"


def _requirements(results: Results, zone: tzinfo, *, failed: bool) -> list[str]:
    lines = [
        "各单位要严格落实领导带班和24小时值班制度，值班人员坚守岗位，熟悉天气、预警和带班情况，"
        "值班电话铃响三声之内应答，值班日志及时完整。",
        "调班、替班须事先报批报备，严禁脱岗、漏岗和由非值班人员顶岗。",
    ]
    if failed:
        due = (results.ended_at + results.rectify_within).astimezone(zone)
        lines.insert(
            0,
            f"存在问题的单位要立即整改，于{due.month}月{due.day}日{due:%H:%M}前将整改情况报{results.issuer}。",
        )
    return [f"（{'一二三'[n]}）{line}" for n, line in enumerate(lines)]
