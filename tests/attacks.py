"""Strings on which a pattern that backtracks would run away: made from its own structure."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.modules import modules

_PARSER: Any = vars(re)["_parser"]  # sre_parse under its present name
_CHARS = "0aAz_ -.,:;/\"'<>()[]{}+=*#中、。\t\n\r"
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
LONG = 16  # a repeat up to so many is as good as endless
SHORT, MIDDLE = 24, 1000  # lengths: of what grows exponentially, of what grows with the square
SUSPECT_S, SURE_S, TIMES = 0.003, 0.006, 3.0


def patterns_of_the_house() -> dict[re.Pattern[Any], str]:
    """Return every compiled pattern a module of the house holds, and every literal in its calls of `re`."""
    found: dict[re.Pattern[Any], str] = {}
    for module in modules():
        for value in vars(module).values():
            for pattern in _within(value, 4):
                found.setdefault(pattern, module.__name__)
        path = Path(str(module.__file__))
        for text in _literals(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(re.compile(text), module.__name__)
    return found


def runs_away(pattern: re.Pattern[Any]) -> str | None:
    """Return an input on which a pattern takes more than its share of a core; None where none was found.

    Only time of this thread counts, so a busy machine changes nothing.
    """
    for prefix, pump, end in attacks(pattern):
        for length in (SHORT, MIDDLE):
            if _time(pattern, _input(prefix, pump, end, length)) > SUSPECT_S and _grows(
                pattern, prefix, pump, end, length
            ):
                return f"{prefix!r} + {pump!r} * {length} + {end!r}"
    return None


def attacks(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield beginnings, what is repeated, and ends that make a match fail late."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = _PARSER.parse(
        text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    )
    prefixes, pumps = {""}, set()
    for before, body in _repeats(tree, ""):
        prefixes |= {before}
        pumps |= {_witness(body, most=False), _witness(body, most=True)} - {""}
    if not pumps:
        return
    pumps |= {*_CHARS, *re.sub(r"[\\^$.|?*+(){}\[\]]", "", text)[:40]}
    for prefix in sorted(prefixes):
        for pump in sorted(pumps):
            yield prefix, pump, "\0"
            yield prefix, pump, "!\n"


def _grows(pattern: re.Pattern[Any], prefix: str, pump: str, end: str, length: int) -> bool:
    """Whether twice the length (a few more, where each doubles it) takes far more than twice as long."""
    longer = length + 4 if length == SHORT else length * 2
    first = min(_time(pattern, _input(prefix, pump, end, length)) for _ in range(3))
    second = _time(pattern, _input(prefix, pump, end, longer))
    return second > SURE_S and second > first * TIMES


def _time(pattern: re.Pattern[Any], told: str) -> float:
    given: Any = told.encode("utf-8") if isinstance(pattern.pattern, bytes) else told
    began = time.thread_time()
    pattern.fullmatch(given)
    pattern.match(given)
    return time.thread_time() - began


def _input(prefix: str, pump: str, end: str, length: int) -> str:
    return prefix + pump * (length // len(pump)) + end


def _repeats(tree: Iterable[Any], before: str) -> Iterator[tuple[str, Any]]:
    """Yield each long repeat with a text that leads to it."""
    for kind, told in tree:
        name = str(kind)
        if name in _REPEATS:
            _, most, body = told
            if most > LONG:
                yield before, body
            yield from _repeats(body, before)
        elif name == "SUBPATTERN":
            yield from _repeats(told[3], before)
        elif name == "ATOMIC_GROUP":
            yield from _repeats(told, before)
        elif name == "BRANCH":
            for branch in told[1]:
                yield from _repeats(branch, before)
        before += _witness([(kind, told)], most=False)


def _witness(tree: Iterable[Any], *, most: bool) -> str:
    """Return a text that fits a part of a pattern."""
    found = ""
    for kind, told in tree:
        name = str(kind)
        if name == "LITERAL":
            found += chr(told)
        elif name in ("IN", "NOT_LITERAL", "ANY"):
            found += _one_of(kind, told)
        elif name in (*_REPEATS, "POSSESSIVE_REPEAT"):
            least, up_to, body = told
            found += _witness(body, most=most) * (min(up_to, max(least, 3)) if most else least)
        elif name == "SUBPATTERN":
            found += _witness(told[3], most=most)
        elif name == "ATOMIC_GROUP":
            found += _witness(told, most=most)
        elif name == "BRANCH":
            found += _witness(told[1][-1 if most else 0], most=most)
    return found


def _one_of(kind: Any, told: Any) -> str:
    if str(kind) == "IN":
        for name, value in told:
            if str(name) == "LITERAL":
                return chr(value)
            if str(name) == "RANGE":
                return chr(value[0])
            if str(name) == "CATEGORY":
                return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " "}.get(str(value), "a")
        return next(one for one in _CHARS if not any(str(n) == "LITERAL" and v == ord(one) for n, v in told))
    return "a" if str(kind) == "ANY" or told != ord("a") else "b"


def _within(value: Any, deep: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif deep and isinstance(value, dict):
        for one in value.values():
            yield from _within(one, deep - 1)
    elif deep and isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _within(one, deep - 1)
    elif deep and type(value).__module__.startswith("app.") and hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _within(getattr(value, name, None), deep - 1)


def _literals(tree: ast.AST) -> Iterator[str | bytes]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str | bytes)
            and node.func.attr != "escape"
        ):
            yield node.args[0].value
