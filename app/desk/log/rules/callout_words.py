"""What call-and-respond says in the duty log: started, ended, overdue, handed off, what a spot call found."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.desk.log.rules.said import Body, Line, Said
from app.filing.rules.numbers import DRILL_MARK

_LINES: tuple[Line, ...] = ("government",)
_FOUND = {
    "agrees": ("属实", "true"),
    "not_passed_on": ("报了未转,列入问责核查", "reported and passed nothing on"),
    "unreached": ("未联系上", "not reached"),
}


def _round(type_: str, body: Body) -> Said:
    told = body["callout"]
    villages = next(
        (one for one in told["counts"] if one["tier"] == "village" and one["township_code"] is None), None
    )
    answered, total = (villages["answered"], villages["total"]) if villages else (0, 0)
    mark = _mark(told["drill"])
    if type_ == "callout.started":
        zh, en = (
            f"{mark}发起叫应:{told['title']}({total}个村)",
            f"calls started: {told['title']}, {total} villages",
        )
        return Said(zh, en, _LINES, told["started_by"], told["hazard"])
    zh = f"{mark}叫应结束:{told['title']}(村应答{answered}/{total})"
    en = f"calls ended: {told['title']}, {answered}/{total} villages answered"
    return Said(zh, en, _LINES, told["ended_by"], told["ended_words"])


def _widened(_: str, body: Body) -> Said:
    told, names = body["callout"], "、".join(one["name"] for one in body["added"])
    zh = f"{_mark(told['drill'])}叫应扩大:{told['title']},新增{len(body['added'])}处"
    en = f"calls extended: {told['title']}, {len(body['added'])} further places"
    return Said(zh, en, _LINES, names, told["hazard"])


def _overdue(_: str, body: Body) -> Said:
    names = "、".join(one["name"] for one in body["targets"])
    return Said(
        f"{_mark(body['drill'])}叫应超时未应:{names}({body['title']})",
        f"silent beyond the deadline: {names}, {body['title']}",
        _LINES,
        names,
        f"已告{body['told']}" if body["told"] else "",
    )


def _handed_off(_: str, body: Body) -> Said:
    name, owner = body["target"]["name"], body["call"]["owner"]
    return Said(
        f"{_mark(body['drill'])}{name}未应,转{owner}上门", f"{name} silent: {owner} goes there", _LINES, owner
    )


def _verified(_: str, body: Body) -> Said:
    one = body["target"]
    zh, en = _FOUND[one["outcome"]]
    return Said(
        f"{_mark(body['drill'])}叫应核实:{one['name']}{zh}",
        f"verified: {one['name']} {en}",
        _LINES,
        one["name"],
        one["verified_words"],
    )


def _mark(drill: bool) -> str:  # noqa: FBT001
    return DRILL_MARK if drill else ""


CALLOUT_WORDS: Mapping[str, Callable[[str, Body], Said]] = {
    "callout.started": _round,
    "callout.ended": _round,
    "callout.widened": _widened,
    "callout.overdue": _overdue,
    "callout.handed_off": _handed_off,
    "callout.verified": _verified,
}
