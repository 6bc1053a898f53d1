"""The board of checklists: load what is known of a scope, judge every place, count its villages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.checklist import store
from app.duty.checklist.facts import (
    ChecklistDetailFact,
    ChecklistEvidenceFact,
    ChecklistFact,
    ChecklistItemFact,
    ChecklistPlaceFact,
    ChecklistsFact,
    ChecklistTownshipFact,
    ItemStateFact,
    VillageCountsFact,
)
from app.duty.checklist.live import load
from app.duty.checklist.rules import Checklist, Evidence, Judged, Kit, Live, asked_of, judge, percent
from app.duty.standby.facts import WordsFact
from app.duty.standby.store import places
from app.duty.standby.store.places import Place
from app.refusals import NotFound

VILLAGES = frozenset({"village", "community"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose checklists, as they stand when. `kit` is the verdict on the minimum kit by place."""

    stream: str
    scope: str
    lists: Sequence[Checklist]
    kit: Mapping[str, Kit]
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The day in the county."""
        return self.now.astimezone(self.zone).date()


async def board(tx: Tx, asked: Asked) -> ChecklistsFact:
    """Return how every township of a scope stands, and its villages in numbers."""
    judged = await _judged(tx, asked)
    below: defaultdict[str, list[ChecklistPlaceFact]] = defaultdict(list)
    for one in judged:
        if one.kind in VILLAGES:
            below[_township_of(one.region_code)].append(one)
    townships = [
        ChecklistTownshipFact(**dict(one), villages=_counts(below[one.region_code]))
        for one in judged
        if one.kind not in VILLAGES
    ]
    return ChecklistsFact(
        today=asked.today,
        checklists=[_checklist(one) for one in asked.lists],
        townships=townships,
        percent=_share(townships),
        villages_percent=_share(one for one in judged if one.kind in VILLAGES),
    )


async def detail(tx: Tx, asked: Asked, code: str) -> ChecklistDetailFact:
    """Return one place with its villages and all evidence. Raises NotFound."""
    judged = await _judged(tx, asked)
    place = next((one for one in judged if one.region_code == code), None)
    if place is None:
        raise NotFound("这个有清单的地方", "place with a checklist")
    return ChecklistDetailFact(
        place=place,
        villages=[one for one in judged if one.region_code != code],
        history=await store.evidence(tx, asked.stream, asked.scope),
    )


async def _judged(tx: Tx, asked: Asked) -> list[ChecklistPlaceFact]:
    kinds = {kind for one in asked.lists for kind in one.places}
    found = await places.townships(tx, asked.stream, asked.scope, kinds)
    known = await load(tx, asked.stream, asked.scope, asked.lists, asked.kit, asked.now, asked.zone)
    evidence: defaultdict[str, dict[str, ChecklistEvidenceFact]] = defaultdict(dict)
    for one in await store.current(tx, asked.stream, asked.scope):
        evidence[one.region_code][one.item] = one
    return [_place(one, asked, known.of(one.code), evidence[one.code]) for one in found]


def _place(
    place: Place, asked: Asked, live: Live, told: Mapping[str, ChecklistEvidenceFact]
) -> ChecklistPlaceFact:
    seen = {key: [Evidence(one.id, one.seen_on, one.expires_on)] for key, one in told.items()}
    judged = judge(asked_of(asked.lists, place.kind), live, seen, asked.today)
    met = sum(one.state == "met" for one in judged)
    return ChecklistPlaceFact(
        region_code=place.code,
        kind=place.kind,
        name_zh=place.name_zh,
        name_en=place.name_en,
        items=[_state(one, told) for one in judged],
        met=met,
        total=len(judged),
        percent=percent(met, len(judged)),
    )


def _state(judged: Judged, told: Mapping[str, ChecklistEvidenceFact]) -> ItemStateFact:
    return ItemStateFact(
        key=judged.item.key,
        state=judged.state,
        reasons=[WordsFact(zh=one.zh, en=one.en) for one in judged.reasons],
        evidence=told.get(judged.item.key) if judged.item.days else None,
    )


def _counts(villages: Sequence[ChecklistPlaceFact]) -> VillageCountsFact:
    met = Counter(item.key for one in villages for item in one.items if item.state == "met")
    return VillageCountsFact(
        villages=len(villages),
        complete=sum(one.percent == 100 for one in villages),
        met_by_item=dict(met),
        percent=_share(villages),
    )


def _share(judged: Iterable[ChecklistPlaceFact]) -> int | None:
    held = list(judged)
    return percent(sum(one.met for one in held), sum(one.total for one in held))


def _township_of(code: str) -> str:
    return code[:9] + "000"


def _checklist(one: Checklist) -> ChecklistFact:
    items = [
        ChecklistItemFact(key=item.key, zh=item.zh, en=item.en, computed=item.computed, days=item.days)
        for item in one.items
    ]
    return ChecklistFact(id=one.id, zh=one.zh, en=one.en, places=sorted(one.places), items=items)
