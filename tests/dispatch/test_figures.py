"""Figures: conflicting ones side by side, one official by a named person, the level following them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app.dispatch.actions import incidents
from app.dispatch.commands import IncidentPatch
from app.dispatch.facts import IncidentFact
from app.dispatch.figures import actions as figures
from app.dispatch.figures.commands import FigureChoiceIn, FigureIn
from app.dispatch.figures.facts import FigureBook
from app.dispatch.figures.rules import Told, conflicts
from app.dispatch.level.actions import set_key_facility, set_level
from app.dispatch.level.commands import KeyFacilityIn, LevelIn
from app.dispatch.lifecycle.actions.merge import merge
from app.dispatch.lifecycle.commands import MergeIn
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.tables import EventType
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.world import World

pytestmark = pytest.mark.database
FLOOD, LEAK = "11A01", "12D02"


@pytest.fixture
async def county(world: World) -> World:
    kinds = [
        {
            "scheme": "CN-EVENT-5",
            "code": code,
            "name_zh": zh,
            "name_en": en,
            "category": "",
            "restricted": False,
        }
        for code, zh, en in ((FLOOD, "洪水", "flood"), (LEAK, "危化品泄漏", "hazmat leak"))
    ]
    await world.do(lambda tx: tx.execute(insert(EventType), kinds))
    return world


async def tell(world: World, incident_id: int, kind: str, value: float, **more: Any) -> IncidentFact:
    told = FigureIn(kind=kind, value=value, **{"source": "临溪镇", **more})
    by, now = world.people[more.pop("by", "officer")], world.clock.now()
    return await world.do(lambda tx: figures.tell_figure(tx, by, incident_id, told, now))


async def choose(world: World, incident_id: int, kind: str, figure_id: int | None) -> IncidentFact:
    told = FigureChoiceIn(kind=kind, figure_id=figure_id, reason="以现场指挥部为准")
    by, now = world.people["officer"], world.clock.now()
    return await world.do(lambda tx: figures.choose_figure(tx, by, incident_id, told, now))


async def book(world: World, incident_id: int) -> FigureBook:
    return await world.do(lambda tx: figures.book(tx, world.people["officer"], incident_id))


async def amend(world: World, incident: IncidentFact, **changes: Any) -> IncidentFact:
    patch = IncidentPatch(version=incident.version, **changes)
    by, now = world.people["officer"], world.clock.now()
    return await world.do(lambda tx: incidents.amend(tx, by, incident.id, patch, now))


async def test_s01_more_people_trapped_by_a_flood_is_no_larger_risk(county: World) -> None:
    incident = await county.incident(event_code=FLOOD, casualties={"trapped": 3})
    county.later(minutes=45)
    after = await tell(county, incident.id, "trapped", 5, channel="radio", official=True)
    assert after.casualties.trapped == 5
    assert after.grading.larger_risk == []
    assert after.grading.proposed is None
    assert "incident.larger_risk" not in await county.types()


async def test_s03_fourteen_at_risk_and_a_village_to_evacuate_is_a_larger_risk(county: World) -> None:
    incident = await county.incident(event_code=LEAK)
    await tell(county, incident.id, "at_risk", 14)
    after = await tell(county, incident.id, "evacuated", 640)
    assert [clause.zh[:4] for clause in after.grading.larger_risk] == ["涉险14", "转移疏散"]
    assert (await county.types()).count("incident.larger_risk") == 1  # told when it first fires


async def test_a_key_facility_in_danger_is_a_larger_risk_until_a_person_says_why_it_is_over(
    county: World,
) -> None:
    incident = await county.incident(event_code=LEAK)

    async def say(name: str, reason: str = "") -> IncidentFact:
        told = KeyFacilityIn(name=name, reason=reason)
        by, now = county.people["officer"], county.clock.now()
        return await county.do(lambda tx: set_key_facility(tx, by, incident.id, told, now))

    after = await say("园区自来水厂")
    assert [clause.zh for clause in after.grading.larger_risk] == [
        "危及重要场所设施:园区自来水厂(较大涉险,安监总局令第21号)"
    ]
    assert (await county.types())[-2:] == ["incident.key_facility", "incident.larger_risk"]
    with pytest.raises(InvalidInput, match="理由"):
        await say("")
    assert (await say("", "下风向已改变")).grading.larger_risk == []


async def test_a_merge_keeps_the_key_facility_that_either_names(county: World) -> None:
    first, second = [await county.incident(event_code=LEAK) for _ in range(2)]
    by, now = county.people["officer"], county.clock.now()
    told = KeyFacilityIn(name="县医院")
    await county.do(lambda tx: set_key_facility(tx, by, first.id, told, now))
    into = MergeIn(into_id=second.id, reason="同一事件")
    after = await county.do(lambda tx: merge(tx, by, first.id, into, now))
    assert after.grading.key_facility == "县医院"
    assert len(after.grading.larger_risk) == 1


async def test_conflicting_figures_stand_side_by_side_and_a_named_person_chooses(county: World) -> None:
    incident = await county.incident(event_code=LEAK)
    await tell(
        county, incident.id, "dead", 1, source="园区", told_at=county.clock.now() - timedelta(minutes=3)
    )
    after = await tell(county, incident.id, "dead", 3, source="消防", note="现场清点")
    assert after.casualties.dead == 1  # the second is told, not official
    assert after.initial_level == 4
    found = await book(county, incident.id)
    assert found.conflicts == ["dead"]
    assert [(one.source, one.value, one.official) for one in found.figures] == [
        ("消防", 3, False),
        ("园区", 1, True),
    ]
    after = await choose(county, incident.id, "dead", found.figures[0].id)
    assert after.casualties.dead == 3
    assert after.initial_level == 3
    assert "死亡3人" in after.grading.clauses[0].zh
    chosen = (await book(county, incident.id)).choices
    assert [(one.chosen_by, one.value, one.reason) for one in chosen] == [
        ("值班员甲", 3, "以现场指挥部为准"),
        ("值班员甲", 1, ""),
    ]
    after = await choose(county, incident.id, "dead", None)
    assert after.casualties.dead is None
    assert after.initial_level == 3  # what was known once does not fall by itself


async def test_a_level_falls_only_by_a_named_person_with_a_reason(county: World) -> None:
    incident = await county.incident(event_code=LEAK, casualties={"dead": 3})
    assert incident.initial_level == 3  # typed as general: the higher wins
    by, now = county.people["officer"], county.clock.now()

    async def judge(level: int, reason: str = "") -> IncidentFact:
        told = LevelIn(level=level, reason=reason)
        return await county.do(lambda tx: set_level(tx, by, incident.id, told, now))

    with pytest.raises(InvalidInput, match="理由"):
        await judge(4)
    with pytest.raises(InvalidInput, match="理由"):
        await amend(county, incident, initial_level=4)
    lowered = await judge(4, "两人复苏")
    assert (lowered.initial_level, lowered.grading.lowered_by) == (4, "值班员甲")
    assert (await tell(county, incident.id, "dead", 3)).initial_level == 4  # the same figure again
    assert (await tell(county, incident.id, "dead", 10, official=True)).initial_level == 2
    confirmed = await judge(2)
    assert confirmed.grading.confirmed_by == "值班员甲"
    types = await county.types()
    assert types.count("incident.level_raised") == 2
    assert types[-1] == "incident.level_confirmed"


async def test_a_change_of_type_needs_a_reason_and_asks_the_table_anew(county: World) -> None:
    incident = await county.incident(event_code=FLOOD, casualties={"dead": 3, "trapped": 4})
    assert incident.initial_level == 4
    with pytest.raises(InvalidInput, match="理由"):
        await amend(county, incident, event_code=LEAK)
    after = await amend(county, incident, event_code=LEAK, reason="罐体破裂引起")
    assert after.initial_level == 3
    assert after.grading.larger_risk
    retyped = [event for event in await county.events() if event["type"] == "incident.retyped"]
    assert "洪水→危化品泄漏" in retyped[0]["zh"]
    assert "罐体破裂引起" in retyped[0]["zh"]


async def test_figures_edited_with_the_incident_are_entries_too_and_others_stay(county: World) -> None:
    incident = await county.incident(event_code=LEAK)
    await tell(county, incident.id, "evacuated", 100)
    seen = await county.do(lambda tx: figures.book(tx, county.people["officer"], incident.id))
    assert len(seen.figures) == 1
    current = incident.model_copy(update={"version": 2})
    after = await amend(county, current, casualties={"trapped": 2})
    assert (after.casualties.trapped, after.casualties.evacuated) == (2, 100)
    assert {one.kind for one in (await book(county, incident.id)).figures} == {"trapped", "evacuated"}


async def test_what_cannot_be_meant_is_refused_and_nothing_is_entered(county: World) -> None:
    incident = await county.incident(event_code=LEAK)
    for kind, value in (("dead", 1.5), ("dead", 2_000_000), ("magnitude", 11)):
        with pytest.raises(InvalidInput):
            await tell(county, incident.id, kind, value)
    with pytest.raises(NotFound):
        await choose(county, incident.id, "dead", 77)
    assert (await book(county, incident.id)).figures == []
    by, now = county.people["officer"], county.clock.now()
    await county.do(lambda tx: incidents.close(tx, by, incident.id, "已处置", now))
    with pytest.raises(IllegalStep):
        await tell(county, incident.id, "dead", 1)
    west = FigureIn(kind="dead", value=1, source="西镇")
    with pytest.raises(NotFound):
        await county.do(lambda tx: figures.tell_figure(tx, county.people["west"], incident.id, west, now))
    with pytest.raises(NotPermitted):
        await county.do(lambda tx: figures.tell_figure(tx, county.people["auditor"], incident.id, west, now))


def test_one_source_that_counts_on_is_no_conflict() -> None:
    at = datetime(2025, 6, 18, tzinfo=UTC)
    first, later = Told("dead", "园区", 1, at), Told("dead", "园区", 2, at + timedelta(minutes=5))
    assert conflicts([first, later]) == ()
    assert conflicts([first, later, Told("dead", "消防", 2, at)]) == ()
    assert conflicts([first, Told("dead", "消防", 2, at)]) == ("dead",)
