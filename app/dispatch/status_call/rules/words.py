"""Answers as people write them in a text message or say them over the radio: "#12 1=23 2=4 3=缺雨衣"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.dispatch.status_call.rules.sheet import Question, Value

_NOTHING = re.compile(r"^(?:无情况|无异常|平安|零报告|一切正常|无事|0报告)[。.!]?$")
_CALL = re.compile(r"^(?:#|调度)\s*+(\d{1,18})\s*+[:,]?\s*+")
_MARK = re.compile(r"(?:^|(?<=[\s;,、。]))(\d{1,2})\s*[=:]\s*")
_NUMBER = re.compile(r"^([+\-\u2212]?\d+(?:\.\d+)?)\s*(\S{0,6})$")
_YES = frozenset({"是", "有", "对", "y", "yes", "已", "正常", "1"})
_NO = frozenset({"否", "无", "没有", "不", "n", "no", "未", "0"})
_NONE = frozenset({"无", "没有", "不缺", "0", "无缺"})
_EDGES = " \t\n;,、"
_LIST = re.compile(r"[,、;]+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms, as phones type them


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text says: for which round-up (None: not named), nothing to report, or values by question."""

    call_id: int | None
    nothing: bool = False
    told: Mapping[int, str] = field(default_factory=dict)


def heard(words: str) -> Heard | None:
    """Read a text; None if it is no answer to a round-up at all (a distress call, a chat)."""
    text = words.strip().translate(_WIDE)
    named = _CALL.match(text)
    rest = text[named.end() :].strip() if named else text
    call_id = int(named[1]) if named else None
    if _NOTHING.match(rest):
        return Heard(call_id, nothing=True)
    marks = list(_MARK.finditer(rest))
    if not marks or marks[0].start() != 0:
        return Heard(call_id) if named else None
    ends = [mark.start() for mark in marks[1:]] + [len(rest)]
    told = {int(mark[1]): rest[mark.end() : end].strip(_EDGES) for mark, end in zip(marks, ends, strict=True)}
    return Heard(call_id, told=told)


def read(questions: Sequence[Question], told: Mapping[int, str]) -> tuple[dict[int, Value], list[int]]:
    """Return the values that could be read, and the numbers of those that could not."""
    by_number = {question.number: question for question in questions}
    values: dict[int, Value] = {}
    unread: list[int] = []
    for number, word in told.items():
        question = by_number.get(number)
        value = _value(question, word) if question else None
        if value is None:
            unread.append(number)
        else:
            values[number] = value
    return values, unread


def _value(question: Question, word: str) -> Value | None:
    match question.kind:
        case "number":
            return _number(word)
        case "yes_no":
            return _yes_no(word)
        case "choice":
            return _choice(question.choices, word)
        case "lacking":
            return [] if word in _NONE else _items(word)
        case "text":
            return word or None


def _number(word: str) -> float | None:
    found = _NUMBER.match(word.replace(",", ""))
    if not found or any(char.isdigit() for char in found[2]):
        return None
    return float(found[1].replace("\u2212", "-"))


def _yes_no(word: str) -> bool | None:
    low = word.lower()
    return True if low in _YES else False if low in _NO else None


def _choice(choices: Sequence[str], word: str) -> str | None:
    """Take the words of a choice, or its number."""
    for choice in choices:
        if word == choice.translate(_WIDE):
            return choice
    return choices[int(word) - 1] if word.isdecimal() and 0 < int(word) <= len(choices) else None


def _items(word: str) -> list[str] | None:
    items = [item.strip().removeprefix("缺").strip() for item in _LIST.split(word)]
    return [item for item in items if item] or None


def asking(call_id: int, title: str, questions: Sequence[Question], due: str) -> str:
    """Return the words of a text that asks, with how to answer it. `due` is the deadline in words."""
    asked = " ".join(f"{question.number}.{question.text}{_hint(question)}" for question in questions)
    return (
        f"【调度】{title},{due}前报。{asked} 回复:{example(call_id, questions)};无情况回复:#{call_id} 无情况"
    )


def example(call_id: int, questions: Sequence[Question]) -> str:
    """Return how an answer is written: "#12 1=数 2=是"."""
    return f"#{call_id} " + " ".join(f"{question.number}={_sample(question)}" for question in questions)


def reminding(call_id: int, title: str, due: str) -> str:
    """Return the words of a reminder."""
    return f"【催报】{title}(#{call_id}){due}截止,贵单位尚未报送,请尽快回复;无情况回复:#{call_id} 无情况"


def climbing(call_id: int, title: str, unit: str, due: str) -> str:
    """Return the words to the head of a unit that did not answer."""
    return f"【催报】{unit}未按时报送“{title}”(#{call_id},{due}截止),请督促立即报送"


def _hint(question: Question) -> str:
    if question.kind == "number":
        return f"({question.unit})" if question.unit else ""
    if question.kind == "choice":
        return "(" + "/".join(f"{n}{choice}" for n, choice in enumerate(question.choices, start=1)) + ")"
    return {"yes_no": "(是/否)", "lacking": "(缺什么)", "text": ""}[question.kind]


def _sample(question: Question) -> str:
    return {"number": "数", "choice": "序号", "yes_no": "是", "lacking": "缺…", "text": "…"}[question.kind]
