"""A document laid out by its template: title, head, facts, table and signatures. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.desk.documents.rules.kinds import LETTER_FIELDS, Kind
from app.desk.prints.page import Page, clean
from app.filing.rules.numbers import DRILL
from app.filing.rules.template import Grammar, TextTemplate, fields_of, filled

REST = "其他"
WIDTH = 156  # millimetres of the type area (GB/T 9704)
_COLON = ":\uff1a"


def grammar_of(kind: Kind) -> Grammar:
    """Return what a template of a kind may say, and what it must."""
    must = {"年", "序号"} if kind.numbered else set()
    marks = {"文号"} if kind.numbered else set()
    if kind.letter:
        if kind.key != "daily_brief":
            must.add("正文")
        fields = LETTER_FIELDS | frozenset(kind.fields)
        return Grammar(fields, frozenset(must), frozenset(marks | {"题头", "标题"}), _CHECKS)
    marks |= {"标题", "无内容", "字号"}
    if not kind.names_sign:
        marks.add("签字")
    checks = dict(_CHECKS)
    if kind.columns:
        marks |= {"表头", "栏宽"}
        checks["表头"] = lambda told: _as_many(told, kind.columns)
        checks["栏宽"] = lambda told: _widths(told, kind.columns)
    fields = frozenset({*kind.fields, REST, "标题", "单位", "简称", "年", "序号"})
    return Grammar(fields, frozenset(must), frozenset(marks), checks)


def laid_page(page: Page, template: TextTemplate, unit: str, *, drill: bool = False) -> Page:
    """Return a document in the words and widths of its template; of a drill it says so in its title."""
    marks = template.marks
    title = filled(marks.get("标题", "{标题}"), {"标题": page.title, "单位": unit})
    return replace(
        page,
        title=_drilled(clean(title), drill=drill),
        facts=tuple((clean(label), clean(text)) for label, text in _facts(page.facts, template, unit)),
        heads=_parts(marks["表头"]) if "表头" in marks else page.heads,
        widths=tuple(int(one) for one in _parts(marks["栏宽"])) if "栏宽" in marks else page.widths,
        signs=tuple(clean(one) for one in _parts(marks["签字"])) if "签字" in marks else page.signs,
        empty=clean(marks.get("无内容", page.empty)),
        size=float(marks["字号"]) if "字号" in marks else page.size,
    )


def paragraphs_of(template: TextTemplate, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paragraphs of a letter; a line none of whose fields is known is left out."""
    told: list[str] = []
    for line in template.lines:
        fields = fields_of(line)
        if fields and not any(values.get(name) for name in fields):
            continue
        told += filled(line, values).splitlines()
    return tuple(one for one in (clean(line).strip() for line in told) if one)


def drilled_title(title: str, *, drill: bool) -> str:
    """Return a title as it is printed: 【演练】 before that of a drill."""
    return _drilled(title, drill=drill)


def _facts(facts: Sequence[tuple[str, str]], template: TextTemplate, unit: str) -> Sequence[tuple[str, str]]:
    """Return the facts the template names, in its order and by its labels, the others where it says 其他."""
    known: dict[str, str] = {"单位": unit}
    for label, text in facts:
        known[label] = f"{known[label]}\n{text}" if label in known else text
    named = {name for line in template.lines for name in fields_of(line)} - {REST}
    rest = [(label, text) for label, text in facts if label not in named]
    told: list[tuple[str, str]] = []
    for line in template.lines:
        fields = fields_of(line)
        if REST in fields:
            told += rest
        elif not fields or any(known.get(name) for name in fields):
            told.append(_split(line, known))
    return told


def _split(line: str, known: Mapping[str, str]) -> tuple[str, str]:
    """Take a line apart into label and text; without a colon it has no label."""
    at = next((n for n, char in enumerate(line) if char in _COLON), -1)
    if at < 0:
        return "", filled(line, known)
    return filled(line[:at], known), filled(line[at + 1 :], known)


def _drilled(title: str, *, drill: bool) -> str:
    mark = f"【{DRILL}】"
    return mark + title if drill and not title.startswith(mark) else title


def _parts(told: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in told.replace("\uff5c", "|").split("|"))


def _as_many(told: str, columns: int) -> tuple[str, str] | None:
    if len(_parts(told)) == columns and all(_parts(told)):
        return None
    return f"应为{columns}栏,用|分开", f"{columns} columns parted by | are wanted"


def _widths(told: str, columns: int) -> tuple[str, str] | None:
    parts = _parts(told)
    whole = [int(part) for part in parts if part.isascii() and part.isdigit()]
    if len(whole) == len(parts) == columns and sum(whole) == WIDTH and min(whole) >= 8:
        return None
    return (
        f"应为{columns}个整数(毫米),每栏至少8,合计{WIDTH},用|分开",
        f"{columns} whole millimetres of 8 or more that sum up to {WIDTH}, parted by |",
    )


def _signs(told: str) -> tuple[str, str] | None:
    if 1 <= len(_parts(told)) <= 4 and all(_parts(told)):
        return None
    return "应为1–4个签字栏,用|分开", "1 to 4 places to sign, parted by |"


def _size(told: str) -> tuple[str, str] | None:
    if told in {"8", "9", "10", "10.5", "11", "12", "14"}:
        return None
    return "字号应为8、9、10、10.5、11、12或14(磅)", "the size is 8, 9, 10, 10.5, 11, 12 or 14 points"


def _number(told: str) -> tuple[str, str] | None:
    if sorted(fields_of(told)) in (["年", "序号"], ["年", "序号", "简称"]):
        return None
    return "文号应含{年}和{序号}各一次,可含{简称}", "a number holds {年} and {序号} once, and may hold {简称}"


_CHECKS = {"签字": _signs, "字号": _size, "文号": _number}
