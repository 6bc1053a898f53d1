"""The items of a hand-over sheet: put together from what the sources found, and compared with what stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Kind = Literal[
    "alarm",
    "incident",
    "order",
    "clock",
    "forces",
    "instruction",
    "warning",
    "response",
    "unfinished",
    "device",
    "phone",
    "equipment",
    "keys",
    "weather",
    "leave",
    "roster",
    "note",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What a sheet holds, in the order in which it is read (domain/rules B7 R9)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be handed over. `key` names the same thing in every compilation.

    The words must not count minutes: an item whose words or due time change has to be read again.
    """

    key: str
    kind: Kind
    zh: str
    en: str
    due_at: datetime | None = None
    incident_id: int | None = None

    @property
    def substance(self) -> tuple[str, str, datetime | None]:
        """What a receiver has read when he ticks it."""
        return (self.zh, self.en, self.due_at)


class TwoWithOneKey(Exception):
    """Two sources gave one key: one of them would hide the other's matter."""


def compile_items(found: Iterable[Iterable[Item]]) -> tuple[Item, ...]:
    """Return the items of all sources in reading order, what is due first before the rest of its kind.

    Raises TwoWithOneKey.
    """
    items = [item for source in found for item in source]
    keys = [item.key for item in items]
    if len(set(keys)) < len(keys):
        raise TwoWithOneKey(sorted(key for key in set(keys) if keys.count(key) > 1))
    return tuple(sorted(items, key=_order))


def _order(item: Item) -> tuple[int, bool, float, str]:
    due = item.due_at.timestamp() if item.due_at else 0.0
    return (KINDS.index(item.kind), item.due_at is None, due, item.key)


@dataclass(frozen=True, slots=True)
class Standing:
    """An item as the sheet holds it."""

    item: Item
    gone: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a new compilation does to a sheet: items that are new, that say something else, that are over."""

    added: tuple[Item, ...]
    altered: tuple[Item, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.added or self.altered or self.gone)


def compare(standing: Sequence[Standing], compiled: Sequence[Item]) -> Change:
    """Return what changed. What was gone and is there again has to be read again, like what says more."""
    held = {stand.item.key: stand for stand in standing}
    now = {item.key for item in compiled}
    return Change(
        added=tuple(item for item in compiled if item.key not in held),
        altered=tuple(
            item
            for item in compiled
            if item.key in held and (held[item.key].gone or held[item.key].item.substance != item.substance)
        ),
        gone=tuple(key for key, stand in held.items() if not stand.gone and key not in now),
    )
