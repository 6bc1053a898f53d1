"""What all answers say together, question by question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.dispatch.status_call.rules.sheet import Question, Value, as_number

_ITEM = re.compile(r"^(\D*[^\d\s])\s*+(\d++(?:\.\d++)?)\s*+(\D{0,4})$")


@dataclass(frozen=True, slots=True)
class Lacked:
    """One thing that is lacking: how much in all (None where nobody said), and who lacks it."""

    item: str
    quantity: float | None
    unit: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """One question over all answers. `total` is of numbers, `counts` of choices and of yes and no."""

    number: int
    answered: int
    total: float | None
    counts: tuple[tuple[str, int], ...]
    lacking: tuple[Lacked, ...]


def totals(questions: Sequence[Question], answers: Mapping[str, Mapping[int, Value]]) -> list[Total]:
    """Add up the latest answers by unit name."""
    return [_total(question, answers) for question in questions]


def _total(question: Question, answers: Mapping[str, Mapping[int, Value]]) -> Total:
    told = {who: values[question.number] for who, values in answers.items() if question.number in values}
    numbers = [number for number in map(as_number, told.values()) if number is not None]
    total = sum(numbers) if question.kind == "number" else None
    counts: tuple[tuple[str, int], ...] = ()
    if question.kind == "choice":
        counts = tuple((choice, list(told.values()).count(choice)) for choice in question.choices)
    elif question.kind == "yes_no":
        counts = tuple((word, sum(v is said for v in told.values())) for word, said in _SAID)
    lacking = _lacking(told) if question.kind == "lacking" else ()
    return Total(question.number, len(told), total, counts, lacking)


_SAID = (("是", True), ("否", False))


def _lacking(told: Mapping[str, Value]) -> tuple[Lacked, ...]:
    """Add up "雨衣30件" and "雨衣 20 件"; what is told without a number is listed with who lacks it."""
    amounts: dict[tuple[str, str], float | None] = {}
    who: dict[tuple[str, str], list[str]] = {}
    for unit, items in told.items():
        for item in items if isinstance(items, list) else []:
            found = _ITEM.match(item)
            key = (found[1], found[3].strip()) if found else (item, "")
            amount = float(found[2]) if found else None
            before = amounts.get(key)
            amounts[key] = amount if before is None else before + (amount or 0)
            who.setdefault(key, []).append(unit)
    return tuple(
        Lacked(item, amounts[item, unit], unit, tuple(dict.fromkeys(who[item, unit])))
        for item, unit in sorted(amounts, key=lambda key: (-len(who[key]), key))
    )
