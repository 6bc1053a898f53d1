"""Warnings in force, put into the words of a hand-over sheet (domain/rules B7 R9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.handover.rules.items import Item

NAMED = 5


@dataclass(frozen=True, slots=True)
class InForce:
    """A warning that stands: whose desk has not acknowledged it, has it to do."""

    id: int
    title: str
    units: tuple[str, ...]
    expires: datetime
    acknowledged: bool
    waiting: int


def warnings(found: Sequence[InForce]) -> Iterator[Item]:
    """Yield the warnings in force, due when they run out."""
    for one in found:
        where = "、".join(one.units[:NAMED]) + ("等" if len(one.units) > NAMED else "")
        zh, en = f"{one.title}({where or '地区待核实'})", f"{one.title} ({', '.join(one.units[:NAMED])})"
        if not one.acknowledged:
            zh, en = f"{zh},本席未签收", f"{en}, not acknowledged here"
        if one.waiting:
            zh, en = f"{zh},{one.waiting}条消息待核实", f"{en}, {one.waiting} messages to check"
        yield Item(f"warning:{one.id}", "warning", zh, en, due_at=one.expires)
