"""The spans of an incident's main road, and how one stands to its target and to earlier ones. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.dispatch.kpi.rules import between

# Name, Chinese, English, from which milestone to which (domain/rules B6).
SPANS = (
    ("first_order", "接报到首令", "heard to first order", "heard", "assigned"),
    ("answer", "首令到首个接单", "first order to first answer", "assigned", "acknowledged"),
    ("turnout", "首令到首个出发", "first order to first departure", "assigned", "en_route"),
    ("on_scene", "接报到首个到场", "heard to first on scene", "heard", "on_scene"),
    ("done", "接报到处置完成", "heard to done", "heard", "done"),
    ("closed", "接报到结案", "heard to closed", "heard", "closed"),
)


@dataclass(frozen=True, slots=True)
class Road:
    """The milestones of one incident; None where one was not reached."""

    heard: datetime | None
    assigned: datetime | None = None
    acknowledged: datetime | None = None
    en_route: datetime | None = None
    on_scene: datetime | None = None
    done: datetime | None = None
    closed: datetime | None = None


def spans_of(road: Road) -> dict[str, int | None]:
    """Return every span in seconds, None where an end is missing or they stand in the wrong order."""
    return {name: between(getattr(road, first), getattr(road, then)) for name, _, _, first, then in SPANS}


def earlier_spans(roads: Sequence[Road]) -> Mapping[str, list[int]]:
    """Return the known spans of earlier incidents by name."""
    known: dict[str, list[int]] = {name: [] for name, *_ in SPANS}
    for road in roads:
        for name, seconds in spans_of(road).items():
            if seconds is not None:
                known[name].append(seconds)
    return known


def quicker_than(seconds: int | None, earlier: Sequence[int]) -> float | None:
    """Return the share of the earlier ones that took longer, None when nothing can be compared."""
    if seconds is None or not earlier:
        return None
    return sum(one > seconds for one in earlier) / len(earlier)
