"""Who must be called for a place: put together from the offices and responsibilities above it."""

from __future__ import annotations

from app.db import Tx
from app.org import store as org
from app.org.callbook.facts import CallFact, CallLevel, ResponsibleOut, VacancyFact
from app.org.callbook.store import offices
from app.org.rules.access import Viewer
from app.org.rules.responsible import climb, who_to_call
from app.org.store import people
from app.refusals import NotFound


async def responsible(tx: Tx, by: Viewer, region_code: str, point: str) -> ResponsibleOut:
    """Return whom to call for a place, or a point in it, level by level. Raises NotFound."""
    if not by.covers(region_code) or await org.region(tx, region_code) is None:
        raise NotFound("该地区", "place")
    codes = [code for _, code in climb(region_code)]
    told = await offices.answerable(tx, by.stream, codes)
    titles = {one.answerable.id: one.title for one in told}
    steps = who_to_call(region_code, [one.answerable for one in told], point)
    called = [one.person_id for step in steps for one in step.call if one.person_id is not None]
    known = await people.facts(tx, by.stream, called)
    if not by.may("see_desk"):
        known = {key: person.without_numbers() for key, person in known.items()}
    names = {code: place.name_zh for code in codes if (place := await org.region(tx, code))}
    levels = [
        CallLevel(
            level=step.level,
            region_code=step.region_code,
            region_name=point if step.level == "point" else names.get(step.region_code, step.region_code),
            call=[
                CallFact(
                    kind=one.kind,
                    title=titles[one.id] or known[one.person_id].title,
                    person=known[one.person_id],
                )
                for one in step.call
                if one.person_id in known
            ],
            vacant=[VacancyFact(kind=one.kind, title=titles[one.id] or "") for one in step.vacant],
        )
        for step in steps
    ]
    return ResponsibleOut(
        region_code=region_code,
        region_path=await org.region_path(tx, region_code),
        point=point,
        levels=levels,
    )
