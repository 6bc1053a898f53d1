"""Say why: the reasons of an offer, and of what is missing. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from app.dispatch.recommendation.rules.allocate import Filled
from app.dispatch.recommendation.rules.candidate import Candidate
from app.dispatch.recommendation.rules.rank import LeftOut, Option
from app.dispatch.recommendation.rules.words import Reason, zh_capabilities, zh_capability

NO_PLACE = Reason(
    "no_location",
    "事件没有坐标,无法按距离推荐,请先在地图上定位",
    "the incident has no coordinates: place it on the map to get a recommendation",
)
NAMED = 2  # of those whose equipment is not ready
_WHY_ZH = {
    "already_here": "已派往本事件",
    "already_committed": "在外执行任务",
    "declined_here": "拒绝了本次派单",
    "off_duty": "不在备勤",
    "nobody_named": "备勤名单无人",
    "nobody_on_post": "报告无人在岗",
    "people_elsewhere": "人员已随他队出动",
    "no_position": "没有位置",
    "position_stale": "位置过期",
    "outside_radius": "超出范围",
    "equipment_unready": "装备不可用",
    "operator_missing": "无操作员在岗",
}
_SOURCE = {
    "named": ("备勤名单", "on today's standby list"),
    "returned": ("今日报告在岗", "on post by today's return"),
    "marked": ("备勤", "on standby"),
    "register": ("登记备勤", "on standby by the register"),
}


def explain(
    option: Option, wanted: Sequence[str], now: datetime, *, asked_roads: bool = False
) -> tuple[Reason, ...]:
    """Return the reasons of an offer, in the order of telling.

    `asked_roads`: the county has a road service, so it matters whether a time is its own or an estimate.
    """
    one = option.candidate
    has = [c for c in wanted if c in one.capabilities]
    minutes = max(1, round(option.eta_s / 60))
    reasons = [
        Reason("distance", f"距现场 {option.away_m / 1000:.1f} 公里", f"{option.away_m / 1000:.1f} km away"),
        Reason("eta", f"约 {minutes} 分钟到达", f"about {minutes} min to arrive"),
        Reason("capability", "具备" + zh_capabilities(has), "has " + ", ".join(has)),
        _standby(one),
        _position(option, now),
    ]
    if option.routed:
        reasons.append(Reason("routed", "按道路服务", "time by the road service"))
    elif asked_roads:
        reasons.append(Reason("estimated", "按估算", "time by estimate"))
    if option.stale:
        reasons.append(Reason("stale_included", "位置已过期", "its position is stale"))
    if option.rests_until is not None:
        rest = max(1, round((option.rests_until - now).total_seconds() / 60))
        reasons.append(Reason("rest_overridden", f"还应休整 {rest} 分钟", f"should rest {rest} min more"))
    if one.jobs:
        reasons.append(
            Reason("load", f"24 小时内已出动 {one.jobs} 次", f"sent {one.jobs} times within a day")
        )
    reasons += [one.lacking[c] for c in wanted if c in one.lacking]
    reasons += [one.remarks[c] for c in has if c in one.remarks]
    if option.lacks:
        reasons.append(
            Reason(
                "lacks_capability", "缺" + zh_capabilities(option.lacks), "lacks " + ", ".join(option.lacks)
            )
        )
    return tuple(reasons)


def shortfall(wanted: Sequence[str], ranked: Sequence[Option], left_out: Sequence[LeftOut]) -> Reason | None:
    """Return what is missing altogether, or None when every capability is offered by somebody."""
    if not ranked and not left_out:
        return Reason(
            "none_able",
            f"辖区内没有具备{zh_capabilities(wanted)}能力的队伍,请请求增援",
            f"no unit has {', '.join(wanted)}: ask for mutual aid",
        )
    if not ranked:
        return Reason(
            "none_free",
            f"{len(left_out)} 支有能力的队伍均不可用({_why_zh(left_out)})",
            f"{len(left_out)} able units, none available: {_why_en(left_out)}",
        )
    return None


def nobody_with(gone: Sequence[str], left_out: Sequence[LeftOut], able: Sequence[Candidate]) -> Reason:
    """Return why nobody brings what a diverted team takes with it."""
    with_it = {one.team_id for one in able if not one.capabilities.isdisjoint(gone)}
    held = [one for one in left_out if one.team_id in with_it]
    zh, en = f"没有可补派的{zh_capabilities(gone)}队伍", f"nobody else with {', '.join(gone)} can go"
    if held:
        zh, en = f"{zh}({_why_zh(held)})", f"{en} ({_why_en(held)})"
    return Reason("no_replacement", zh, en)


def short_of(filled: Filled, left_out: Sequence[LeftOut], able: Sequence[Candidate]) -> Reason:
    """Return why a need is not met: how many are missing and what holds the others."""
    capability = filled.need.capability
    with_it = {one.team_id for one in able if capability in one.capabilities}
    held = [one for one in left_out if one.team_id in with_it]
    unready = [
        LeftOut(one.team_id, one.name, one.lacking[capability]) for one in able if capability in one.lacking
    ]
    held += unready
    word = zh_capability(filled.need.capability)
    if filled.short_teams:
        zh, en = (
            f"{word}还缺 {filled.short_teams} 支",
            f"{filled.need.capability}: {filled.short_teams} short",
        )
    else:
        zh = f"{word}人员还缺 {filled.short_people} 人"
        en = f"{filled.need.capability}: {filled.short_people} people short"
    if held:
        zh, en = f"{zh}({_why_zh(held)})", f"{en} ({_why_en(held)})"
    for one in unready[:NAMED]:
        zh, en = f"{zh};{one.team_name}{one.reason.zh}", f"{en}; {one.team_name}: {one.reason.en}"
    return Reason("need_short", zh, en)


def _standby(one: Candidate) -> Reason:
    zh, en = _SOURCE[one.staffing.source]
    people = one.staffing.people
    if one.staffing.elsewhere:
        gone = one.staffing.elsewhere
        return Reason(
            "standby", f"{zh} {people} 人(另 {gone} 人已随他队出动)", f"{people} {en}, {gone} more are out"
        )
    return Reason("standby", f"{zh} {people} 人", f"{people} persons {en}")


def _position(option: Option, now: datetime) -> Reason:
    one = option.candidate
    if one.fixed_at is None:
        if one.forward:
            return Reason("forward", f"靠前驻防{one.forward}", f"forward-deployed at {one.forward}")
        return Reason("station", "按驻地计算", "placed at its station")
    seconds = max(0, int((now - one.fixed_at).total_seconds()))
    age_zh = f"{seconds} 秒前" if seconds < 60 else f"{seconds // 60} 分钟前"
    age_en = f"{seconds} s" if seconds < 60 else f"{seconds // 60} min"
    return Reason("position_age", f"{age_zh}的位置", f"position {age_en} old")


def _why_zh(left_out: Sequence[LeftOut]) -> str:
    return "、".join(f"{n} 支{_WHY_ZH.get(code, code)}" for code, n in _counts(left_out))


def _why_en(left_out: Sequence[LeftOut]) -> str:
    return ", ".join(f"{n} {code.replace('_', ' ')}" for code, n in _counts(left_out))


def _counts(left_out: Sequence[LeftOut]) -> list[tuple[str, int]]:
    return Counter(one.reason.code for one in left_out).most_common()
