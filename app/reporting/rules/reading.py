"""Rules as an officer reads them: every field of a rule in Chinese and English words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import time, timedelta
from typing import Any

from app.dispatch.figures.kinds import MEASURES
from app.reporting.rules.book import Limit, Rule, Schedule
from app.reporting.rules.terms import (
    ANCHORS,
    CHANNELS,
    EVENTS,
    FLAG_WORDS,
    GRADES,
    KINDS,
    NODES,
    SCOPES,
    Words,
)
from app.reporting.rules.when import Compare, Expression, Flag, Joined
from app.reporting.rules.words import limit_in_words

FIELDS: Mapping[str, Words] = {
    "mark": ("依据标志", "mark"),
    "kind": ("报告种类", "kind of report"),
    "sources": ("报送方", "from"),
    "targets": ("接收方", "to"),
    "anchor": ("起算", "counted from"),
    "scopes": ("适用范围", "scope"),
    "when": ("适用条件", "condition"),
    "limits": ("时限", "limits"),
    "onward": ("逐级转报时限", "onward"),
    "skip_allowed": ("可越级", "a level may be skipped"),
    "windows": ("补报期限(天)", "window in days"),
    "schedules": ("续报频次", "schedule"),
    "hours": ("每日时刻", "hours of the day"),
    "events": ("情况变化", "events"),
    "until": ("至何时止", "until"),
    "note": ("备注", "note"),
    "statutory": ("法定时限", "statutory"),
    "name": ("名称", "name"),
    "alarms_at": ("提醒比例", "shares of the alarms"),
    "alarms_to": ("提醒对象", "addressees of the alarms"),
    "repeat_after_due": ("超时后重复提醒", "repeated after the due"),
    "grace": ("获知后宽限", "grace after receipt"),
    "floor": ("变化后宽限", "floor after a change"),
    "sensitive_lifts": ("敏感事件提级", "grades a sensitive incident is lifted"),
    "unknown_field_recheck": ("未知要素再核间隔", "unknown fields are asked again after"),
    "zone": ("时区", "time zone"),
    "larger_risk_scopes": ("较大涉险适用范围", "scopes of larger risk"),
    "larger_risk": ("较大涉险条件", "condition of larger risk"),
    "default_profiles": ("默认方案", "default profiles"),
}
_DERIVED: Mapping[str, Words] = {
    "hot_pixels": ("热点像元数", "hot pixels"),
    "injured": ("受伤", "injured"),
    "burning_h": ("燃烧小时数", "hours burnt"),
}
_RECIPIENTS: Mapping[str, Words] = {
    "desk": ("值班员", "desk"),
    "shift_lead": ("值班长", "shift lead"),
    "leader": ("带班领导", "leader"),
}
_OPERATORS: Mapping[str, str] = {">=": "≥", ">": ">", "==": "="}
_YES: Mapping[bool, Words] = {True: ("是", "yes"), False: ("否", "no")}


def field_name(name: str) -> Words:
    """Return what a field of a rule or of the rulebook is called."""
    return FIELDS.get(name, (name, name))


def field_in_words(name: str, value: Any) -> Words:
    """Return a field's value in words; empty for nothing."""
    if value in (None, "", (), frozenset(), {}):
        return "", ""
    return _FIELDS.get(name, _as_written)(value)


def way_in_words(rule: Rule) -> Words:
    """Return who reports to whom, by which channels."""
    if rule.hours:
        return _joined(_named(NODES, rule.hours), "→", " → ")
    zh, en = (f"{a}→{b}" for a, b in zip(_nodes(rule.sources), _nodes(rule.targets), strict=True))
    return zh, en


def whom_in_words(rule: Rule) -> Words:
    """Return which incidents a rule binds: scope, condition, grades."""
    parts = [field_in_words("scopes", rule.scopes), field_in_words("when", rule.when)]
    graded = {grade for limits in rule.limits.values() for grade in limits} | set(rule.schedules)
    if graded and graded != set(GRADES) and graded != {"general"}:
        parts.append(_joined(_named(GRADES, [one for one in GRADES if one in graded]), "、", ", "))
    told = [one for one in parts if one[0]]
    return _joined(told, ";", "; ") if told else ("全部", "all")


def demand_in_words(rule: Rule) -> Words:
    """Return what a rule asks within which time: limits, schedule, hours, events."""
    rows = "hours" if rule.hours else "schedules"
    names = ("limits", "onward", rows, "events", "windows")
    told = [field_in_words(name, getattr(rule, name)) for name in names]
    return _joined([one for one in told if one[0]], ";", "; ")


def when_in_words(one: Expression) -> Words:
    """Return a condition in words."""
    if isinstance(one, Flag):
        return FLAG_WORDS.get(one.name, (one.name, one.name))
    if isinstance(one, Compare):
        zh, en = _joined([_figure(name) for name in one.names], "+", " + ")
        number = f"{_OPERATORS[one.operator]}{one.number:g}"
        return f"{zh}{number}", f"{en} {number}"
    parts = [
        (f"({zh})", f"({en})") if isinstance(part, Joined) else (zh, en)
        for part in one.parts
        for zh, en in [when_in_words(part)]
    ]
    return _joined(parts, "且" if one.word == "and" else "或", f" {one.word} ")


def _figure(name: str) -> Words:
    if name in _DERIVED:
        return _DERIVED[name]
    measure = MEASURES[name]  # type: ignore[index]  # parse_when admits figures only
    return measure.zh, measure.en


def _joined(words: Iterable[Words], zh: str, en: str) -> Words:
    told = list(words)
    return zh.join(one[0] for one in told), en.join(one[1] for one in told)


def _named(words: Mapping[Any, Words], keys: Iterable[Any]) -> list[Words]:
    return [words.get(key, (str(key), str(key))) for key in keys]


def _list_of(words: Mapping[Any, Words]) -> Callable[[Any], Words]:
    return lambda keys: _joined(
        _named(words, sorted(keys) if isinstance(keys, frozenset) else keys), "、", ", "
    )


def _one_of(words: Mapping[Any, Words]) -> Callable[[Any], Words]:
    return lambda key: words.get(key, (str(key), str(key)))


_nodes = _list_of(NODES)


def _limits(limits: Mapping[Any, Mapping[Any, Limit]]) -> Words:
    told = []
    for channel, by_grade in limits.items():
        zh = _by_grade(by_grade, lambda one: _limit(one)[0])
        en = _by_grade(by_grade, lambda one: _limit(one)[1], english=True)
        colon = ":" if "," in zh else ""
        told.append((f"{CHANNELS[channel][0]}{colon}{zh}", f"{CHANNELS[channel][1]}{colon} {en}"))
    return _joined(told, ";", "; ")


def _limit(one: Limit) -> Words:
    return ("立即", "at once") if one == Limit("minutes", 0) else limit_in_words(one)


def _schedules(schedules: Mapping[Any, Schedule]) -> Words:
    return (
        _by_grade(schedules, lambda one: limit_in_words(one)[0]),
        _by_grade(schedules, lambda one: limit_in_words(one)[1], english=True),
    )


def _by_grade(values: Mapping[Any, Any], said: Callable[[Any], str], *, english: bool = False) -> str:
    """Say each value once, with the grades that have it; without grades where all are alike."""
    groups: dict[str, list[Any]] = {}
    for grade in GRADES:
        if grade in values:
            groups.setdefault(said(values[grade]), []).append(grade)
    if len(groups) == 1:
        return next(iter(groups))
    n = 1 if english else 0
    told = [
        ("/" if english else "、").join(GRADES[one][n] for one in of) + (" " if english else "") + what
        for what, of in groups.items()
    ]
    return (", " if english else ",").join(told)


def _onward(onward: Mapping[tuple[Any, Any], Limit]) -> Words:
    told = []
    for (sender, receiver), limit in onward.items():
        zh, en = _limit(limit)
        told.append(
            (
                f"{NODES[sender][0]}→{NODES[receiver][0]}{zh}",
                f"{NODES[sender][1]} → {NODES[receiver][1]} {en}",
            )
        )
    return _joined(told, ",", ", ")


def _hours(hours: Mapping[Any, time]) -> Words:
    told = [(f"{NODES[node][0]}{at:%H:%M}", f"{NODES[node][1]} {at:%H:%M}") for node, at in hours.items()]
    return _joined(told, "、", ", ")


def _windows(windows: Mapping[str, int]) -> Words:
    rest = ("其他", "otherwise")
    told = [
        (f"{name[0]}{days}天", f"{name[1]} {days} days")
        for scope, days in windows.items()
        for name in [rest if scope == "default" else SCOPES.get(scope, (scope, scope))]
    ]
    return "补报期限" + "、".join(one[0] for one in told), "within " + ", ".join(one[1] for one in told)


def _spans(spans: Mapping[Any, timedelta]) -> Words:
    told = [
        (f"{CHANNELS[one][0]}{_minutes(span)}分钟", f"{CHANNELS[one][1]} {_minutes(span)} min")
        for one, span in spans.items()
    ]
    return _joined(told, "、", ", ")


def _span(span: timedelta) -> Words:
    return f"{_minutes(span)}分钟", f"{_minutes(span)} min"


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _codes(scopes: Mapping[str, tuple[str, ...]]) -> Words:
    told = [
        (f"{name[0]}:{'、'.join(codes)}", f"{name[1]}: {', '.join(codes)}")
        for scope, codes in scopes.items()
        for name in [SCOPES.get(scope, (scope, scope))]
    ]
    return _joined(told, ";", "; ")


def _scopes(value: Any) -> Words:
    return _codes(value) if isinstance(value, Mapping) else _list_of(SCOPES)(value)


def _as_written(value: Any) -> Words:
    said = "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return said, said


def _yes(value: Any) -> Words:
    return _YES[bool(value)]


def _percent(shares: tuple[float, ...]) -> Words:
    said = "、".join(f"{share:.0%}" for share in shares)
    return said, said.replace("、", ", ")


_FIELDS: Mapping[str, Callable[[Any], Words]] = {
    "kind": _one_of(KINDS),
    "sources": _nodes,
    "targets": _nodes,
    "anchor": _one_of(ANCHORS),
    "scopes": _scopes,
    "larger_risk_scopes": _scopes,
    "when": when_in_words,
    "larger_risk": when_in_words,
    "limits": _limits,
    "onward": _onward,
    "skip_allowed": _yes,
    "statutory": _yes,
    "windows": _windows,
    "schedules": _schedules,
    "hours": _hours,
    "events": _list_of(EVENTS),
    "until": _one_of(ANCHORS),
    "name": lambda names: names,
    "alarms_at": _percent,
    "alarms_to": _list_of(_RECIPIENTS),
    "repeat_after_due": _span,
    "unknown_field_recheck": _span,
    "grace": _spans,
    "floor": _spans,
}
