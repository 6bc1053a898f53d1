"""Wire shapes of checklists."""

from __future__ import annotations

from datetime import date, datetime

from app.duty.checklist.rules import Computed, State
from app.duty.standby.facts import WordsFact
from app.wire import Fact


class ChecklistItemFact(Fact):
    """One line of a checklist: computed from live data, or by evidence that holds for `days`."""

    key: str
    zh: str
    en: str
    computed: Computed | None
    days: int | None


class ChecklistFact(Fact):
    """A checklist of the county, with the kinds of places it is asked of."""

    id: str
    zh: str
    en: str
    places: list[str]
    items: list[ChecklistItemFact]


class ChecklistEvidenceFact(Fact):
    """What somebody saw for an item; it holds up to and including `expires_on` unless revoked."""

    id: int
    region_code: str
    region_name: str
    item: str
    note: str
    seen_on: date
    expires_on: date
    given_by: str
    given_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    revoked_reason: str


class ItemStateFact(Fact):
    """How an item of a place stands, why, and on which evidence."""

    key: str
    state: State
    reasons: list[WordsFact]
    evidence: ChecklistEvidenceFact | None


class ChecklistPlaceFact(Fact):
    """A place with its items; `percent` of them are met, None while nothing is asked of it."""

    region_code: str
    kind: str
    name_zh: str
    name_en: str
    items: list[ItemStateFact]
    met: int
    total: int
    percent: int | None


class VillageCountsFact(Fact):
    """The villages of a township: how many have everything, how many have each item."""

    villages: int
    complete: int
    met_by_item: dict[str, int]
    percent: int | None


class ChecklistTownshipFact(ChecklistPlaceFact):
    """A township with its items and what its villages have."""

    villages: VillageCountsFact


class ChecklistsFact(Fact):
    """All checklists of a scope; `percent` of all items of its townships are met."""

    today: date
    checklists: list[ChecklistFact]
    townships: list[ChecklistTownshipFact]
    percent: int | None
    villages_percent: int | None


class ChecklistDetailFact(Fact):
    """A place, its villages, and all evidence ever given for either, the newest first."""

    place: ChecklistPlaceFact
    villages: list[ChecklistPlaceFact]
    history: list[ChecklistEvidenceFact]
