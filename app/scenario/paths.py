"""Paths into what the house answered: `dues[sender=C,receiver=P,kind=initial].due_at`.

`name.name`, `[0]`, `[-1]`, `[2:5]`, `[*]` all, `[key=value,…]` the one of which this holds, `[*key=value]`
all of which it holds, a trailing `#` how many. Conditions are `=`, `!=`, `^=` (begins with), `~=` (holds).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.scenario.terms import CannotFind

_TOKEN = re.compile(r"\.?(?P<name>[^.\[\]#]+)|\[(?P<inside>[^\]]*)\]|(?P<count>#)")
_CONDITION = re.compile(r"^(?P<key>[^=!^~]+)(?P<how>!=|\^=|~=|=)(?P<text>.*)$")
_INDEX = re.compile(r"^-?\d+$")
_SLICE = re.compile(r"^(-?\d*):(-?\d*)$")


class Many(list[Any]):
    """Several at once: a name behind it is asked of each."""


def check(path: str) -> str:
    """Return what is wrong with a path, "" if nothing is."""
    at = len(path) if path == "." else 0
    while at < len(path):
        found = _TOKEN.match(path, at)
        if found is None:
            return path[at:]
        at = found.end()
    return ""


def find(value: Any, path: str) -> Any:
    """Return what a path leads to. Raises CannotFind."""
    here, so_far = value, ""
    for found in _TOKEN.finditer(path if path != "." else ""):
        here = _step(here, found, so_far)
        so_far += found[0]
    return list(here) if isinstance(here, Many) else here


def _step(here: Any, found: re.Match[str], so_far: str) -> Any:
    if found["count"]:
        return len(_listed(here, so_far))
    if (name := found["name"]) is not None:
        if isinstance(here, Many):
            return Many(_member(one, name, so_far) for one in here)
        return _member(here, name, so_far)
    return _inside(here, found["inside"].strip(), so_far)


def _member(here: Any, name: str, so_far: str) -> Any:
    if isinstance(here, Mapping) and name in here:
        return here[name]
    known = "、".join(map(str, here)) if isinstance(here, Mapping) else type(here).__name__
    raise CannotFind(
        f"{so_far or '结果'}中没有“{name}”(有:{known})",
        f"no {name!r} in {so_far or 'it'} (there is: {known})",
    )


def _inside(here: Any, inside: str, so_far: str) -> Any:
    if isinstance(here, Mapping) and inside in here:
        return here[inside]
    if part := _SLICE.match(inside):
        first, last = (int(one) if one else None for one in part.groups())
        return here[first:last] if isinstance(here, str) else Many(_listed(here, so_far)[first:last])
    rows = _listed(here, so_far)
    if inside.startswith("*"):
        flat = Many()
        for one in rows:
            flat.extend(one if isinstance(one, list) and isinstance(here, Many) else [one])
        return Many(one for one in flat if _holds(one, inside[1:]))
    if _INDEX.match(inside):
        try:
            return rows[int(inside)]
        except IndexError:
            raise CannotFind(
                f"{so_far}只有{len(rows)}项,没有第[{inside}]项",
                f"{so_far} has {len(rows)} items, there is no [{inside}]",
            ) from None
    return _only(rows, inside, so_far)


def _only(rows: list[Any], inside: str, so_far: str) -> Any:
    matching = [one for one in rows if _holds(one, inside)]
    if len(matching) != 1:
        raise CannotFind(
            f"{so_far}[{inside}]应恰有一项,实有{len(matching)}项(共{len(rows)}项)",
            f"{so_far}[{inside}] should be one item, there are {len(matching)} (of {len(rows)})",
        )
    return matching[0]


def _listed(here: Any, so_far: str) -> list[Any]:
    if isinstance(here, Mapping):
        return list(here)
    if isinstance(here, list):
        return here
    raise CannotFind(f"{so_far or '结果'}不是列表", f"{so_far or 'it'} is no list")


def _holds(one: Any, conditions: str) -> bool:
    return all(_holds_one(one, each) for each in filter(None, conditions.split(",")))


def _holds_one(one: Any, condition: str) -> bool:
    found = _CONDITION.match(condition)
    if found is None:
        raise CannotFind(f"看不懂条件“{condition}”", f"the condition {condition!r} cannot be read")
    try:
        known = as_text(find(one, found["key"].strip()))
    except CannotFind:
        return False
    wanted = found["text"].strip()
    match found["how"]:
        case "=":
            return known == wanted
        case "!=":
            return known != wanted
        case "^=":
            return known.startswith(wanted)
        case _:
            return wanted in known


def as_text(value: Any) -> str:
    """Write a plain value as a condition has it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
