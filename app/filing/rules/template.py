"""Templates of documents: lines of text with fields in braces, and marks; faults with their line. Pure.

`@标题：{单位}接报单` is a mark: a fixed place on the paper. Every other line is a paragraph or a fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

LARGEST, MOST_LINES, LONGEST_MARK = 16_384, 200, 200
_PART = re.compile(r"\{([^{}]*)\}")
_MARK = re.compile(r"@([^:\uff1a]*)[:\uff1a]?(.*)")


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong with a template: line 0 is the file as a whole."""

    line: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a template may say. `checks` say of a mark's text what is wrong with it, None if nothing is."""

    fields: frozenset[str]
    must: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    checks: Mapping[str, Callable[[str], tuple[str, str] | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A template as it is used: its lines, and the marks it sets."""

    lines: tuple[str, ...]
    marks: Mapping[str, str] = field(default_factory=dict)


Read = tuple[TextTemplate | None, tuple[TemplateFault, ...]]


def read_text(text: str, grammar: Grammar) -> Read:
    """Return a template and what is wrong with it: with a fault there is no template."""
    if len(text) > LARGEST or text.count("\n") > MOST_LINES:
        fault = TemplateFault(
            0,
            f"模板不得超过{LARGEST}字、{MOST_LINES}行",
            f"a template has {LARGEST} characters and {MOST_LINES} lines at most",
        )
        return None, (fault,)
    lines: list[str] = []
    marks: dict[str, str] = {}
    faults: list[TemplateFault] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip().lstrip("\ufeff")
        if not line or line.startswith("#"):
            continue
        wrong = _braces(line, grammar)
        if line.startswith("@"):
            wrong += _mark(line, grammar, marks)
        else:
            lines.append(line)
        faults += [TemplateFault(number, zh, en) for zh, en in wrong]
    if not faults:
        used = {name for line in (*lines, *marks.values()) for name in fields_of(line)}
        faults += [
            TemplateFault(0, f"缺少必填字段“{name}”", f"the required field {name!r} is missing")
            for name in sorted(grammar.must - used)
        ]
    return (None, tuple(faults)) if faults else (TextTemplate(tuple(lines), marks), ())


def _braces(line: str, grammar: Grammar) -> list[tuple[str, str]]:
    wrong = []
    if any(mark in _PART.sub("", line) for mark in "{}"):
        wrong.append(("花括号不成对", "a brace has no partner"))
    return wrong + [
        (f"没有“{name}”这个字段", f"there is no field {name!r}")
        for name in fields_of(line)
        if name not in grammar.fields
    ]


def _mark(line: str, grammar: Grammar, marks: dict[str, str]) -> list[tuple[str, str]]:
    """Read a mark; what is wrong with it is returned, what is right is kept."""
    found = _MARK.fullmatch(line)
    assert found is not None
    name, told = found[1].strip(), found[2].strip()
    if name not in grammar.marks:
        known = "、".join(sorted(grammar.marks)) or "无"
        return [(f"没有“@{name}”这个标记,可用:{known}", f"there is no mark @{name}; there are: {known}")]
    if name in marks:
        return [(f"标记“@{name}”写了两次", f"the mark @{name} stands twice")]
    if not told or len(told) > LONGEST_MARK:
        return [
            (f"标记“@{name}”应为1–{LONGEST_MARK}字", f"the mark @{name} has 1 to {LONGEST_MARK} characters")
        ]
    check = grammar.checks.get(name)
    wrong = check(told) if check else None
    if wrong is not None:
        return [wrong]
    marks[name] = told
    return []


def fields_of(line: str) -> list[str]:
    """Return the fields of a line."""
    return _PART.findall(line)


def filled(line: str, values: Mapping[str, str]) -> str:
    """Return a line with its fields filled in; what is filled in is not looked at for fields again."""
    return _PART.sub(lambda found: values.get(found[1], ""), line)
