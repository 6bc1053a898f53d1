"""Why a due is when it is, as sentences in Chinese and English. Times are the county's, to the second."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.reporting.rules.book import Limit, Schedule
from app.reporting.rules.dues import Due, Upstream
from app.reporting.rules.reckoning import Reckoning
from app.reporting.rules.terms import ANCHORS, CHANNELS, GRADES, KINDS, MILESTONES, NODES, Words


def in_words(due: Due, zone: ZoneInfo) -> Words:
    """Return the whole reason of a due: who owes what to whom by when, by which rule, and what lost to it."""
    sender, receiver = NODES[due.sender], NODES[due.receiver]
    channel, kind = CHANNELS[due.channel], KINDS[due.kind]
    at = _clock(due.at, zone)
    why = reckoning_in_words(due.why, zone)
    zh = f"{sender[0]}须于{at}前以{channel[0]}向{receiver[0]}{_verb(due)}{kind[0]}:{why[0]}"
    en = f"{kind[1]} from the {sender[1]} to the {receiver[1]}, {channel[1]}, by {at}: {why[1]}"
    others = [(one.rule.label, _clock(one.at, zone)) for one in due.losers]
    if others:
        zh += ";另有" + "、".join(f"{label}为{when}" for label, when in others) + ",取最早"
        en += "; the earliest of it and " + ", ".join(f"{label} {when}" for label, when in others)
    if due.held_from:
        held = _clock(due.held_from, zone)
        zh += f";该规则自{held}起施行,自施行起留有宽限,为{at}"
        en += f"; these rules hold since {held} only, with a grace after it: {at}"
    if due.cap_exceeded_upstream:
        more = upstream_in_words(due.cap_exceeded_upstream, zone)
        zh, en = f"{zh};{more[0]}", f"{en}; {more[1]}"
    return f"{zh}。", f"{en}."


def reckoning_in_words(one: Reckoning, zone: ZoneInfo) -> Words:
    """Return how one rule came to its instant."""
    anchor, grade = ANCHORS[one.anchor], GRADES[one.grade]
    since, limit = _clock(one.anchor_at, zone), limit_in_words(one.limit)
    zh = f"{one.rule.label}按{grade[0]}要求,自{anchor[0]}{since}起{limit[0]}"
    en = f"{one.rule.label} for {grade[1]}: {limit[1]} from {anchor[1]} at {since}"
    if one.applied == "limit":
        return f"{zh},为{_clock(one.at, zone)}", f"{en} is {_clock(one.at, zone)}"
    counted, at = _clock(one.limit_at, zone), _clock(one.at, zone)
    if one.applied == "grace":
        knew = _clock(one.begins if one.since is None else one.anchor_at, zone)
        minutes = _minutes(one)
        return (
            f"{zh}为{counted};但{knew}才获知,获知后留{minutes}分钟,为{at}"
            if one.since is None
            else f"{zh}为{counted};获知后留有宽限,为{at}",
            f"{en} is {counted}, but it was known at {knew} only: {minutes} min after that, {at}"
            if one.since is None
            else f"{en} is {counted}, put off by the grace after its receipt to {at}",
        )
    changed = _clock(one.since or one.begins, zone)
    minutes = _minutes(one)
    if one.since is None:
        return (
            f"{zh}(立即),{changed}获知,至迟{minutes}分钟内,为{at}",
            f"{en} (at once), known at {changed}: within {minutes} min, {at}",
        )
    return (
        f"{zh}为{counted};{changed}情况变化后留{minutes}分钟,为{at}",
        f"{en} is {counted}; {minutes} min after the change at {changed}, {at}",
    )


def upstream_in_words(one: Upstream, zone: ZoneInfo) -> Words:
    """Return which cap had passed before the node could report, and who was late."""
    cap = _clock(one.cap_at, zone)
    if one.late_node is None:
        return (
            f"法定时限{one.rule_id}({cap})在获知前已无法满足,上报环节不明",
            f"the cap {one.rule_id} ({cap}) could not be kept after the receipt; who was late is unknown",
        )
    node = NODES[one.late_node]
    return (
        f"法定时限{one.rule_id}({cap})因{node[0]}迟报{one.late_min}分钟已无法满足",
        f"the cap {one.rule_id} ({cap}) could not be kept: the {node[1]} was {one.late_min} min late",
    )


def _verb(due: Due) -> str:
    return "再次报送" if due.round > 1 else "作" if due.why.anchor in MILESTONES else "报送"


def _minutes(one: Reckoning) -> int:
    return int((one.at - (one.since or one.begins)).total_seconds() // 60)


def limit_in_words(limit: Limit | Schedule) -> Words:
    """Return a limit, or a row of reports, in words."""
    if isinstance(limit, Schedule):
        return _schedule(limit)
    if limit.unit == "end_of_day":
        return "当日内", "the same day"
    if limit.unit == "working_days":
        return f"{limit.amount}个工作日", f"{limit.amount} working days"
    return f"{limit.amount}分钟", f"{limit.amount} min"


def _schedule(one: Schedule) -> Words:
    if one.per_day_min is not None:
        return f"每日至少{one.per_day_min}次", f"at least {one.per_day_min} a day"
    if one.daily_at:
        hours = [_hour(each) for each in one.daily_at]
        return f"每日{'、'.join(hours)}", f"daily at {' and '.join(hours)}"
    zh, en = f"每{one.every_min}分钟一次", f"every {one.every_min} min"
    if one.for_h is None or one.then is None:
        return zh, en
    then = _schedule(one.then)
    return f"前{one.for_h}小时{zh},此后{then[0]}", f"{en} for {one.for_h} h, then {then[1]}"


def _hour(at: time) -> str:
    return f"{at:%H:%M}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%m-%d %H:%M}" if not local.second else f"{local:%m-%d %H:%M:%S}"
