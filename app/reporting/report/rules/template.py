"""Templates of reports: lines of text with fields in braces; faults are told with their line. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.reporting.report.rules.points import REQUIRED

LARGEST, MOST_LINES = 16_384, 200
ALWAYS = frozenset({"截至", "标题"})  # known in every report; they alone do not carry a line
FIELDS = frozenset({*REQUIRED, *ALWAYS, "接报时间", "请求事项", "处置结果", "后续工作"})
MUST = {
    "initial": frozenset({"接报时间", *REQUIRED}),
    "followup": frozenset({"伤亡", "措施", "经过"}),
    "final": frozenset({"伤亡", "处置结果"}),
}
_PART = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it is used: its lines, and what stands in them."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong with a template: line 0 is the file as a whole."""

    line: int
    zh: str
    en: str


def read_template(kind: str, text: str) -> tuple[Template | None, tuple[TemplateFault, ...]]:
    """Return a template and what is wrong with it: with a fault there is no template."""
    if len(text) > LARGEST or text.count("\n") > MOST_LINES:
        fault = TemplateFault(
            0,
            f"模板不得超过{LARGEST}字、{MOST_LINES}行",
            f"a template has {LARGEST} characters and {MOST_LINES} lines at most",
        )
        return None, (fault,)
    lines: list[str] = []
    faults: list[TemplateFault] = []
    used: set[str] = set()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip().lstrip("\ufeff")
        if not line or line.startswith("#"):
            continue
        lines.append(line)
        names = _PART.findall(line)
        used.update(names)
        if any(mark in _PART.sub("", line) for mark in "{}"):
            faults.append(TemplateFault(number, "花括号不成对", "a brace has no partner"))
        faults += [
            TemplateFault(number, f"没有“{name}”这个字段", f"there is no field {name!r}")
            for name in names
            if name not in FIELDS
        ]
    if not faults:
        faults += [
            TemplateFault(0, f"缺少必填字段“{name}”", f"the required field {name!r} is missing")
            for name in sorted(MUST[kind] - used)
        ]
    return (None, tuple(faults)) if faults else (Template(tuple(lines)), ())


def fields_of(line: str) -> list[str]:
    """Return the fields of a line."""
    return _PART.findall(line)


def filled(line: str, values: dict[str, str]) -> str:
    """Return a line with its fields filled in; what is filled in is not looked at for fields again."""
    return _PART.sub(lambda found: values.get(found[1], ""), line)
