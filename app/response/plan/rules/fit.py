"""Which plan fits an event, with the reason in words; which plans are running out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PlanKind = Literal["general", "special", "departmental", "township", "grassroots"]
KINDS: dict[PlanKind, tuple[str, str]] = {
    "general": ("总体预案", "general plan"),
    "special": ("专项预案", "special plan"),
    "departmental": ("部门预案", "departmental plan"),
    "township": ("乡镇预案", "township plan"),
    "grassroots": ("基层预案", "grass-roots plan"),
}
Validity = Literal["none", "valid", "expiring", "expired"]
EXPIRING = timedelta(days=90)
GRAVE = 2
"""From this level on (1 the highest) the general plan is proposed as well."""
MOST = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan as far as the proposal asks."""

    id: int
    kind: PlanKind
    name: str
    hazards: tuple[str, ...]
    region_code: str
    carded: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """A plan that fits, and why."""

    plan_id: int
    zh: str
    en: str


def fitting(
    plans: Iterable[Candidate], code: str, name_zh: str, region_code: str, level: int | None
) -> list[Fit]:
    """Return the plans that fit an event, the closest first.

    Special and departmental plans fit by the beginning of the event's code: the longer, the closer. Carded
    ones stand before others as close. The general plan is last: for grave events, or where none is special.
    A plan of a township or below fits where the event is.
    """
    rank = {"special": 0, "departmental": 1, "township": 2, "grassroots": 3}
    scored: list[tuple[tuple[int, int, int, int], Fit]] = []
    known = list(plans)
    for plan in known:
        prefix = max((h for h in plan.hazards if code.startswith(h)), key=len, default="")
        local = plan.kind in ("township", "grassroots")
        if plan.kind == "general" or not prefix or (local and not _there(plan.region_code, region_code)):
            continue
        zh = f"事件类型 {code}{name_zh},属{KINDS[plan.kind][0]}适用范围({prefix})"
        en = f"event type {code} falls under this {KINDS[plan.kind][1]} ({prefix})"
        if not plan.carded:
            zh, en = f"{zh};尚无行动卡", f"{en}; it has no action card yet"
        scored.append(((rank[plan.kind], -len(prefix), -int(plan.carded), plan.id), Fit(plan.id, zh, en)))
    found = [fit for _, fit in sorted(scored, key=lambda each: each[0])][: MOST - 1]
    special = any(key[0] == 0 for key, _ in scored)
    if not special or (level is not None and level <= GRAVE):
        zh = "没有适用的专项预案,按总体预案处置" if not special else "等级较高,同时考虑总体预案"
        en = "no special plan fits: the general one" if not special else "grave: the general plan as well"
        found += [Fit(plan.id, zh, en) for plan in known if plan.kind == "general"]
    return found


def _there(place: str, region_code: str) -> bool:
    """Whether an event at a place is the business of a plan of another: the same place or one in it."""
    return region_code.startswith(place.rstrip("0").ljust(9, "0")) if region_code else False


def validity(valid_to: date | None, today: date, *, versions: int = 1) -> Validity:
    """Return whether a plan still holds: its last version's last day is included."""
    if not versions:
        return "none"
    if valid_to is None:
        return "valid"
    if valid_to < today:
        return "expired"
    return "expiring" if valid_to <= today + EXPIRING else "valid"
