"""Tie incidents to each other, untie them, and look at what is tied."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import actor, incident_for_command
from app.dispatch.actions.tell import Learned, told_of
from app.dispatch.exercise.apart import check_same_drill
from app.dispatch.facts import IncidentFact
from app.dispatch.lifecycle import store
from app.dispatch.lifecycle.commands import LikelySameIn, LinkIn
from app.dispatch.lifecycle.facts import IncidentLinkFact, LikelySameFact, LinkedIncidentFact, TraitFact
from app.dispatch.lifecycle.refusals import LinkedAlready, LinkOver
from app.dispatch.lifecycle.rules import Account, Likeness, alike
from app.dispatch.lifecycle.tables import IncidentLink
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Viewer, may_see, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted

_WORDS = {
    "child": (("列为 {n} 的下级事件", "child of {n}"), ("下级事件 {n}", "parent of {n}")),
    "related": (("与 {n} 关联", "related to {n}"), ("与 {n} 关联", "related to {n}")),
    "distinct": (("与 {n} 非同一事件", "not the same as {n}"), ("与 {n} 非同一事件", "not the same as {n}")),
    "split": (("与 {n} 的拆分关系", "split from {n}"), ("与 {n} 的拆分关系", "{n} split off")),
}


async def link(tx: Tx, by: Viewer, incident_id: int, told: LinkIn, now: datetime) -> list[IncidentLinkFact]:
    """Tie an incident to another; return all its ties.

    Raises LinkedAlready (a second parent or a circle too), IllegalStep for a child of what is closed,
    InvalidInput, NotFound, NotPermitted.
    """
    if told.other_id == incident_id:
        raise InvalidInput(FieldFault("other_id", "不能与自身关联,请选择另一事件", "choose another incident"))
    first, second = await _both(tx, by, incident_id, told.other_id)
    check_same_drill(first.drill_id, second.drill_id)
    if told.kind == "child":
        if second.state == "closed":
            raise IllegalStep(second.state, "link")
        if await store.standing(tx, "child", incident_id) or incident_id in await store.above(
            tx, told.other_id
        ):
            raise LinkedAlready
    for one, other in ((incident_id, told.other_id), (told.other_id, incident_id)):
        if await store.standing(tx, told.kind, one, other):
            raise LinkedAlready
    tx.add(
        IncidentLink(
            stream=by.stream,
            kind=told.kind,
            from_id=incident_id,
            to_id=told.other_id,
            reason=told.reason,
            made_by=by.name,
            made_at=now,
        )
    )
    await _tell(tx, by, (first, second), ("incident.linked", told.kind, told.reason), now)
    return await listed(tx, by, incident_id)


async def unlink(tx: Tx, by: Viewer, link_id: int, reason: str, now: datetime) -> IncidentLinkFact:
    """Untie: the tie stays with who undid it and why. A merge is undone by itself.

    Raises LinkOver, NotFound, NotPermitted.
    """
    row = await store.locked(tx, by.stream, link_id)
    if row is None:
        raise NotFound("该关联", "link")
    both = await _both(tx, by, row.from_id, row.to_id)
    if row.undone_at is not None or row.kind not in ("child", "related", "distinct"):
        raise LinkOver
    row.undone_by, row.undone_at, row.undone_reason = by.name, now, reason
    await _tell(tx, by, both, ("incident.unlinked", row.kind, reason), now)
    return await _fact(tx, by, row, row.from_id)


async def listed(tx: Tx, by: Viewer, incident_id: int) -> list[IncidentLinkFact]:
    """Return the ties of an incident this person may see, undone ones too. Raises NotFound."""
    await _seen(tx, by, incident_id)
    return [
        await _fact(tx, by, row, incident_id) for row in await store.of_incident(tx, by.stream, incident_id)
    ]


async def likely_same(tx: Tx, by: Viewer, incident_id: int, now: datetime) -> list[LikelySameFact]:
    """Return which known incidents may be the same as this one. Raises NotFound."""
    fact = await _seen(tx, by, incident_id)
    tied = {
        one
        for row in await store.of_incident(tx, by.stream, incident_id)
        if row.undone_at is None
        for one in (row.from_id, row.to_id)
    }
    return await _alike(tx, by, _account(fact), now, {incident_id, *tied}, fact.drill_id)


async def likely_known(tx: Tx, by: Viewer, told: LikelySameIn, now: datetime) -> list[LikelySameFact]:
    """Return which known incidents may be the one that is being typed. Raises NotPermitted."""
    require(by, "see_desk")
    if not by.covers(told.region_code):
        raise NotPermitted
    place = await org.region(tx, told.region_code)
    account = Account(
        event_code=told.event_code or "",
        region_code=told.region_code,
        at=told.received_at or now,
        lon=told.lon if told.lon is not None else place.lon if place else None,
        lat=told.lat if told.lat is not None else place.lat if place else None,
        title=told.title,
        address=told.address,
        phones=tuple(told.phones),
    )
    return await _alike(tx, by, account, now, set())


async def _alike(
    tx: Tx, by: Viewer, account: Account, now: datetime, but: set[int], drill_id: int | None = None
) -> list[LikelySameFact]:
    facts = [seen.fact for seen in await store.lately(tx, by, now)]
    known = {one.id: one for one in facts if one.id not in but and one.drill_id == drill_id}
    found = alike(account, [(key, _account(fact)) for key, fact in known.items()])
    return [_likely(known[key], likeness) for key, likeness in found]


def _likely(fact: IncidentFact, found: Likeness) -> LikelySameFact:
    traits = [TraitFact(points=one.points, zh=one.zh, en=one.en) for one in found.traits]
    return LikelySameFact(
        incident=_brief(fact), received_at=fact.received_at, score=found.score, traits=traits
    )


def _account(fact: IncidentFact) -> Account:
    return Account(
        event_code=fact.event_code,
        region_code=fact.region_code,
        at=fact.scheduled_for or fact.received_at,
        lon=fact.lon,
        lat=fact.lat,
        title=fact.title,
        address=fact.address,
        phones=tuple(one.phone for one in fact.callers),
    )


async def _both(tx: Tx, by: Viewer, one: int, other: int) -> tuple[Incident, Incident]:
    found = {id_: await incident_for_command(tx, by, id_) for id_ in sorted((one, other))}
    return found[one], found[other]


async def _seen(tx: Tx, by: Viewer, incident_id: int) -> IncidentFact:
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return seen.fact


async def _fact(tx: Tx, by: Viewer, row: IncidentLink, incident_id: int) -> IncidentLinkFact:
    outward = row.from_id == incident_id
    other = await incidents.seen(tx, by.stream, row.to_id if outward else row.from_id)
    known = other is not None and may_see(by, other.concern)
    undoable = (
        row.kind == "merged"
        and row.undone_at is None
        and not await store.happened_since(tx, by.stream, row.from_id, row.to_id)
    )
    return IncidentLinkFact(
        **row.model_dump(exclude={"stream", "from_id", "to_id", "moved", "before"}),
        outward=outward,
        other=_brief(other.fact) if other and known else None,
        undoable=undoable,
    )


def _brief(fact: IncidentFact) -> LinkedIncidentFact:
    return LinkedIncidentFact(**{name: getattr(fact, name) for name in LinkedIncidentFact.model_fields})


async def _tell(
    tx: Tx, by: Viewer, both: tuple[Incident, Incident], what: tuple[str, str, str], now: datetime
) -> None:
    event_type, kind, reason = what
    entries: list[journal.Entry] = []
    for one, other, (zh, en) in zip(both, both[::-1], _WORDS[kind], strict=True):
        one.version += 1
        words = Learned(
            event_type, f"{zh.format(n=other.number)}:{reason}", f"{en.format(n=other.number)}: {reason}"
        )
        entries += (await told_of(tx, by, one, [words], now))[1]
    await journal.append(tx, by.stream, now, entries, actor(by))
