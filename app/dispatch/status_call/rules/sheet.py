"""Questions and what may stand in an answer: refused, or taken with a warning that stays."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

QuestionKind = Literal["number", "choice", "yes_no", "text", "lacking"]
Value = float | bool | str | list[str]
WarningKind = Literal["over_population", "jump", "fell"]

TEXT_LIMIT = 200
LACKING_LIMIT = 20
JUMP_FACTOR = 3
JUMP_LEAST = 10  # from 1 to 4 is no jump that anybody need look at


@dataclass(frozen=True, slots=True)
class Question:
    """One typed question. `number` is how a text message names it, from 1.

    `unit`, `minimum`, `maximum`, `whole` belong to numbers; `of_people` lets a number be compared with the
    population of the place, `cumulative` with the last round: it cannot fall. `choices` belong to choices.
    """

    number: int
    kind: QuestionKind
    text: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = True
    of_people: bool = False
    cumulative: bool = False
    choices: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ValueFault:
    """Why a value cannot be taken."""

    number: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that is taken and looks wrong: `limit` is what it was compared with."""

    number: int
    kind: WarningKind
    value: float
    limit: float


def faults(questions: Sequence[Question], values: Mapping[int, Value]) -> list[ValueFault]:
    """Return what cannot be taken of an answer, in the order of the questions."""
    known = {question.number for question in questions}
    found = [
        ValueFault(number, f"没有第{number}题", f"there is no question {number}")
        for number in sorted(set(values) - known)
    ]
    for question in questions:
        if question.number in values:
            found += _fault(question, values[question.number])
        elif not question.optional:
            found.append(
                ValueFault(
                    question.number,
                    f"第{question.number}题“{question.text}”没有填写",
                    f"question {question.number} is not answered",
                )
            )
    return found


def _fault(question: Question, value: Value) -> Iterator[ValueFault]:
    said = _words(question, value)
    if said is not None:
        yield ValueFault(
            question.number, f"第{question.number}题{said[0]}", f"question {question.number} {said[1]}"
        )


def _words(question: Question, value: Value) -> tuple[str, str] | None:
    told = "、".join(question.choices)
    match question.kind:
        case "number":
            return _number_words(question, value)
        case "choice":
            return None if value in question.choices else (f"应为以下之一:{told}", f"must be one of {told}")
        case "yes_no":
            return None if isinstance(value, bool) else ("应答是或否", "must be yes or no")
        case "text":
            return (
                None if _is_text(value) else (f"应为1–{TEXT_LIMIT}字", f"takes 1 to {TEXT_LIMIT} characters")
            )
        case "lacking":
            return (
                None
                if _is_list(value)
                else (f"最多列{LACKING_LIMIT}项", f"lists {LACKING_LIMIT} items at most")
            )


def _number_words(question: Question, value: Value) -> tuple[str, str] | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "应为数字", "must be a number"
    if question.whole and value != int(value):
        return f"应为整数,不能是{value:g}", f"must be a whole number, not {value:g}"
    if question.minimum is not None and value < question.minimum:
        return (
            f"不能小于{question.minimum:g},收到{value:g}",
            f"must not be less than {question.minimum:g}: got {value:g}",
        )
    if question.maximum is not None and value > question.maximum:
        return (
            f"不能大于{question.maximum:g},收到{value:g}",
            f"must not be more than {question.maximum:g}: got {value:g}",
        )
    return None


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and len(value.strip()) > 0 and len(value) <= TEXT_LIMIT


def _is_list(value: Value) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= LACKING_LIMIT
        and all(isinstance(item, str) and 0 < len(item.strip()) <= TEXT_LIMIT for item in value)
    )


def doubts(
    questions: Sequence[Question],
    values: Mapping[int, Value],
    population: int,
    last: Mapping[int, Value],
) -> list[Doubt]:
    """Return what looks wrong of an answer that can be taken.

    `population` is that of the unit's place, 0 when unknown; `last` are the unit's values of the last round.
    """
    found: list[Doubt] = []
    for question in questions:
        value = as_number(values.get(question.number))
        if question.kind != "number" or value is None:
            continue
        if question.of_people and population and value > population:
            found.append(Doubt(question.number, "over_population", value, population))
        before = as_number(last.get(question.number))
        if before is None:
            continue
        if question.cumulative and value < before:
            found.append(Doubt(question.number, "fell", value, before))
        elif is_jump(before, value):
            found.append(Doubt(question.number, "jump", value, before))
    return found


def is_jump(before: float, value: float) -> bool:
    """Whether a value is three times the last one or a third of it, and not by a handful."""
    low, high = sorted((abs(before), abs(value)))
    return high - low >= JUMP_LEAST and high >= JUMP_FACTOR * low


def as_number(value: Value | None) -> float | None:
    """Return a value as a number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def nothing_to_report(questions: Sequence[Question]) -> dict[int, Value]:
    """Return what "无情况" says of each question: no people, nothing lacking, no; words stay unsaid."""
    found: dict[int, Value] = {}
    for question in questions:
        if question.kind == "number" and (question.minimum is None or question.minimum <= 0):
            found[question.number] = 0.0
        elif question.kind == "yes_no":
            found[question.number] = False
        elif question.kind == "lacking":
            found[question.number] = []
    return found
