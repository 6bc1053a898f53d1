"""The reports that a desk owes, as they stand on its sheet: they need nobody to write them down. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.desk.handover.rules.items import Item

Words = Mapping[Any, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that is due and not made."""

    id: int
    incident_id: int
    number: str
    title: str
    kind: str
    receiver: str
    channel: str
    due_at: datetime


def dues(found: Sequence[Owed], kinds: Words, nodes: Words, channels: Words) -> Iterator[Item]:
    """Yield what is owed, an item for what falls due at one instant, soonest first."""
    together: dict[tuple[int, str, str, datetime], list[Owed]] = {}
    for one in sorted(found, key=lambda one: (one.due_at, one.id)):
        together.setdefault((one.incident_id, one.kind, one.channel, one.due_at), []).append(one)
    for (incident_id, kind, channel, due_at), rows in together.items():
        first = rows[0]
        to = [nodes.get(row.receiver, (row.receiver, row.receiver)) for row in rows]
        zh_kind, en_kind = kinds.get(kind, (kind, kind))
        zh_by, en_by = channels.get(channel, (channel, channel))
        yield Item(
            f"due:{first.id}",
            "clock",
            f"{first.number} {first.title} {zh_kind}未报:{zh_by}报{'、'.join(zh for zh, _ in to)}",
            f"{first.number} {en_kind} not made: {en_by} to {', '.join(en for _, en in to)}",
            due_at=due_at,
            incident_id=incident_id,
        )
