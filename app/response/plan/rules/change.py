"""What is sent and what is withdrawn when the level of a card in force changes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.response.plan.rules.card import Card, CardTask


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of level does to the tasks of a card.

    `send`: not out yet. `withdraw`: keys of what is out, no longer asked for and marked to stop on lowering.
    `keep`: keys of what stays out as it is, the acknowledged and the done among them.
    """

    send: tuple[CardTask, ...]
    withdraw: tuple[str, ...]
    keep: tuple[str, ...]


def change(
    card: Card, level: int, out: Collection[str], finished: Collection[str] = (), before: int | None = None
) -> Change:
    """Return what a level asks for beyond what is out; `before` is the level until now, None for none.

    `out` are the keys sent and not withdrawn, `finished` those of them that are done: they are never taken
    back and never sent again. Only a lowering takes back, and only what may stop then; a task the card knows
    no longer stays: nobody said that it should stop.
    """
    asked = card.at(level)
    wanted = {task.key for task in asked}
    lowered = before is not None and level > before
    stopping = {task.key for task in card.tasks if task.stops} if lowered else set()
    gone = tuple(key for key in out if key not in wanted and key in stopping and key not in finished)
    return Change(
        send=tuple(task for task in asked if task.key not in out),
        withdraw=gone,
        keep=tuple(key for key in out if key not in gone),
    )


def ended(card: Card, out: Collection[str], finished: Collection[str] = ()) -> Change:
    """Return what is withdrawn when it ends: what stops on lowering and is not done; the rest is finished."""
    stopping: Mapping[str, bool] = {task.key: task.stops for task in card.tasks}
    gone = tuple(key for key in out if stopping.get(key, False) and key not in finished)
    return Change(send=(), withdraw=gone, keep=tuple(key for key in out if key not in gone))
