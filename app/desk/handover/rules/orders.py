"""Orders and instructions on a sheet: who has not acknowledged, what is not closed (domain/rules B7 R9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.handover.rules.items import Item

NAMED = 5


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An issued order that is not closed: who has not acknowledged, who owes a report."""

    id: int
    number: str
    title: str
    issuing: bool
    incident_id: int | None
    silent: tuple[str, ...]
    owing: tuple[str, ...]
    reported: tuple[str, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenInstruction:
    """An instruction that is not closed."""

    id: int
    leader: str
    text: str
    tasks: int
    accepted: int
    due_at: datetime | None
    incident_id: int | None


def orders(found: Sequence[OpenOrder]) -> Iterator[Item]:
    """Yield the open orders: a line names who is silent, who still owes, who waits to be closed out."""
    for one in found:
        parts = (
            ("未签收", "not acknowledged", one.silent),
            ("未反馈完成", "not done", one.owing),
            ("待销号", "to be closed out", one.reported),
        )
        zh = ",".join(f"{word}{len(names)}({_named(names)})" for word, _, names in parts if names)
        en = "; ".join(f"{len(names)} {word}" for _, word, names in parts if names)
        made = ("指令", "order") if one.issuing else ("收到指令", "order received")
        yield Item(
            f"dispatch_order:{one.id}",
            "order",
            f"{made[0]} {one.number} {one.title}:{zh}",
            f"{made[1]} {one.number}: {en}",
            due_at=one.due_at,
            incident_id=one.incident_id,
        )


def instructions(found: Sequence[OpenInstruction]) -> Iterator[Item]:
    """Yield the instructions that are not closed."""
    for one in found:
        done = (
            (f"任务已销号{one.accepted}/{one.tasks}", f"{one.accepted} of {one.tasks} tasks accepted")
            if one.tasks
            else ("尚未分解任务", "not split into tasks")
        )
        yield Item(
            f"instruction:{one.id}",
            "instruction",
            f"{one.leader}批示未办结:{one.text},{done[0]}",
            f"instruction of {one.leader} open: {done[1]}",
            due_at=one.due_at,
            incident_id=one.incident_id,
        )


def _named(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
