"""An action card: what a plan orders at which response level, read strictly from YAML. Pure.

card: 危险化学品事故
tasks:
  - key: cordon
    levels: [4, 3, 2, 1]
    to: 市公安局
    kind: action
    text: 封控现场……
    due_min: 10
    document: 专项预案 5.2
    on_lowering: stop
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

import yaml

from app.dispatch.order.commands import TaskKind
from app.nodes import Fault, Reader, RulesInvalid, compose

OnLowering = Literal["stop", "continue"]
Level = Literal[1, 2, 3, 4]
LEVELS: tuple[Level, ...] = (1, 2, 3, 4)
MOST_TASKS = 60
MOST_DUE_MIN = 7 * 24 * 60
TOWNSHIPS = "@乡镇"
LEADER = "@带班领导"
SHIFT_LEAD = "@值班长"
POSTS = (TOWNSHIPS, LEADER, SHIFT_LEAD)
"""Whom a task may name besides a unit: every township of the area, who leads the centre, its shift lead."""
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TASK = ("key", "levels", "to", "kind", "text", "due_min", "document", "on_lowering")
_NEEDED = ("key", "levels", "to", "text", "due_min", "on_lowering")
_KINDS: tuple[str, ...] = get_args(TaskKind)


@dataclass(frozen=True, slots=True)
class CardTask:
    """A task of a card. `key` names it through all versions; `to` is a unit by its name or one of POSTS.

    `due_min` counts from when it is sent. `stops`: it ends when a lowered level no longer asks for it.
    """

    key: str
    levels: frozenset[int]
    to: str
    kind: TaskKind
    text: str
    due_min: int
    document: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A card with its tasks in the order in which they are written."""

    name: str
    tasks: tuple[CardTask, ...]

    def at(self, level: int) -> tuple[CardTask, ...]:
        """Return what it orders at a response level, 1 the highest."""
        return tuple(task for task in self.tasks if level in task.levels)

    @property
    def levels(self) -> tuple[int, ...]:
        """At which levels it orders something, the highest first."""
        return tuple(level for level in LEVELS if self.at(level))


def read_card(text: str) -> tuple[Card | None, tuple[Fault, ...]]:
    """Return a card of a text, or every mistake with its line."""
    try:
        root = compose(text)
    except RulesInvalid as invalid:
        return None, invalid.faults
    reader = Reader()
    card = _card(reader, root)
    return (None, tuple(sorted(reader.faults))) if reader.faults else (card, ())


def _card(reader: Reader, root: yaml.Node) -> Card | None:
    table = reader.table(root, "card", ("card", "tasks"), ("card", "tasks"))
    if table is None or set(table) < {"card", "tasks"}:
        return None
    name = reader.text(table["card"].node, "card", 80) or ""
    nodes = reader.row(table["tasks"].node, "tasks", MOST_TASKS)
    if not nodes:
        reader.fault(table["tasks"].line, "tasks", "至少写一项任务", "at least one task")
    tasks: list[CardTask] = []
    seen: dict[str, int] = {}
    for number, node in enumerate(nodes, start=1):
        task = _task(reader, node, f"tasks.{number}")
        if task is None:
            continue
        line = node.start_mark.line + 1
        if (first := seen.setdefault(task.key, line)) != line:
            reader.fault(
                node,
                f"tasks.{number}.key",
                f"“{task.key}”与第{first}行重复",
                f"{task.key!r} stands in line {first} already",
            )
        tasks.append(task)
    return Card(name, tuple(tasks))


def _task(reader: Reader, node: yaml.Node, path: str) -> CardTask | None:
    before = len(reader.faults)
    table = reader.table(node, path, _TASK, _NEEDED)
    if table is None or not set(_NEEDED) <= set(table):
        return None
    key = reader.text(table["key"].node, f"{path}.key", 40) or ""
    if key and not _KEY.fullmatch(key):
        reader.fault(table["key"].line, f"{path}.key", f"“{key}”只能用小写字母、数字、_-", f"no key: {key!r}")
    levels = _levels(reader, table["levels"].node, f"{path}.levels")
    to = reader.text(table["to"].node, f"{path}.to", 60) or ""
    if to.startswith("@") and to not in POSTS:
        told = "、".join(POSTS)
        reader.fault(
            table["to"].line, f"{path}.to", f"不认识的“{to}”,可用:{told}", f"unknown {to!r}; known: {told}"
        )
    kind = (
        reader.one_of(table["kind"].node, f"{path}.kind", _KINDS) if "kind" in table else "action"
    ) or "action"
    text = reader.text(table["text"].node, f"{path}.text", 400) or ""
    due_min = reader.number(table["due_min"].node, f"{path}.due_min", 1, MOST_DUE_MIN) or 0
    document = (
        reader.text(table["document"].node, f"{path}.document", 100) if "document" in table else ""
    ) or ""
    lowering = reader.one_of(table["on_lowering"].node, f"{path}.on_lowering", get_args(OnLowering))
    if len(reader.faults) > before:
        return None
    return CardTask(
        key, levels, to, cast("TaskKind", kind), " ".join(text.split()), due_min, document, lowering == "stop"
    )


def _levels(reader: Reader, node: yaml.Node, path: str) -> frozenset[int]:
    found = [reader.number(one, path, 1, 4) for one in reader.row(node, path, 4)]
    told = [level for level in found if level is not None]
    if not told and None not in found:
        reader.fault(node, path, "至少写一个响应级别(1至4)", "at least one level, 1 to 4")
    if len(set(told)) < len(told):
        reader.fault(node, path, "同一级别写了两次", "a level stands twice")
    return frozenset(told)


def card_text(card: Card) -> str:
    """Return a card as the text it is edited as; reading it gives the same card."""
    lines = [f"card: {_quoted(card.name)}", "tasks:"]
    for task in card.tasks:
        lines += _lines(task)
    return "\n".join(lines) + "\n"


def _lines(task: CardTask) -> Sequence[str]:
    levels = ", ".join(str(level) for level in sorted(task.levels, reverse=True))
    told = [
        f"  - key: {task.key}",
        f"    levels: [{levels}]",
        f"    to: {_quoted(task.to)}",
        f"    kind: {task.kind}",
        f"    text: {_quoted(task.text)}",
        f"    due_min: {task.due_min}",
    ]
    if task.document:
        told.append(f"    document: {_quoted(task.document)}")
    return [*told, f"    on_lowering: {'stop' if task.stops else 'continue'}"]


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
