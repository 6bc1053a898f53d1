"""A response is proposed; another level or its end is proposed; a consultation is noted."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.dispatch.secrecy import store as secrecies
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.response.level.commands import ConsultationIn, ResponseIn, ResponseStepIn
from app.response.level.events import ResponseChanged
from app.response.level.facts import ResponseFact
from app.response.level.refusals import NotActive, ResponseRuns, SameLevel, StepOpen
from app.response.level.store import responses
from app.response.level.tables import Response, ResponseConsultation, ResponseStep
from app.response.plan.actions.proposing import incident_of, require_areas
from app.response.plan.store import plans, runs

What = Literal[
    "response.proposed",
    "response.activated",
    "response.adjusted",
    "response.terminated",
    "response.refused",
    "response.signed",
    "response.consulted",
]


async def propose(tx: Tx, by: Viewer, told: ResponseIn, now: datetime) -> ResponseFact:
    """Propose to activate a response, as anybody on the desk. Raises ResponseRuns, InvalidInput, NotFound."""
    require(by, "command")
    require_areas(by, told)
    hazard = await plans.event_name(tx, told.event_code)
    if hazard is None:
        raise InvalidInput(FieldFault("event_code", "没有这种事件类型", "no such kind of event"))
    if told.plan_id is not None:
        plan = await plans.locked(tx, by.stream, told.plan_id)
        if plan is None or plan.retired_at is not None:
            raise NotFound("该现行预案", "plan in use")
    if await responses.running(tx, by.stream, told.event_code, drill=told.drill):
        raise ResponseRuns(hazard)
    row = Response(
        stream=by.stream,
        region_code=by.stream.ljust(12, "0"),
        hazard=hazard,
        **told.model_dump(exclude={"level"}),
        incident_id=await incident_of(tx, by, told),
        proposed_by=by.name,
        proposed_at=now,
    )
    tx.add(row)
    await tx.flush()
    return await _put(tx, by, row, "activate", told.level, told.cause_words, now)


async def propose_step(
    tx: Tx, by: Viewer, response_id: int, told: ResponseStepIn, now: datetime
) -> ResponseFact:
    """Propose another level, or the end. Raises NotActive, SameLevel, StepOpen, NotFound, NotPermitted."""
    row = await locked(tx, by, response_id)
    if row.state != "active":
        raise NotActive
    if told.level == row.level:
        raise SameLevel
    if any(step.state == "open" for step in await responses.steps(tx, response_id)):
        raise StepOpen
    if told.warning_colour is not None:
        row.warning_colour = told.warning_colour
    if told.event_level is not None:
        row.event_level = told.event_level
    return await _put(tx, by, row, told.kind, told.level, told.basis, now)


async def consult(tx: Tx, by: Viewer, response_id: int, told: ConsultationIn, now: datetime) -> ResponseFact:
    """Note a consultation that was held. Raises NotActive, InvalidInput, NotFound, NotPermitted."""
    row = await locked(tx, by, response_id)
    if row.state != "active":
        raise NotActive
    held = told.held_at or now
    if held > now or (row.began_at is not None and held < row.began_at):
        raise InvalidInput(
            FieldFault(
                "held_at", "会商时间应在响应启动之后、现在之前", "after the response began, before now"
            )
        )
    tx.add(
        ResponseConsultation(
            response_id=response_id,
            held_at=held,
            chaired_by=told.chaired_by,
            words=told.words,
            entered_by=by.name,
            entered_at=now,
        )
    )
    step = await responses.last_step(tx, response_id)
    entry = await entry_of(tx, row, "response.consulted", step, told.chaired_by, told.words)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return await fact_of(tx, by, row)


async def locked(tx: Tx, by: Viewer, response_id: int) -> Response:
    """Return a response this person may work on, locked. Raises NotFound, NotPermitted."""
    require(by, "command")
    row = await responses.locked(tx, by.stream, response_id)
    if row is None or await responses.seen(tx, by, response_id) is None:
        raise NotFound("该应急响应", "response")
    return row


async def entry_of(tx: Tx, row: Response, type_: What, step: int, by: str, words: str) -> Entry:
    """Return what the journal says: to the desk, and to the places of a response that was decided on."""
    await tx.flush()
    event = ResponseChanged(
        type=type_, response=await responses.brief(tx, row.id or 0), step=step, by=by, words=words
    )
    secrecy = await secrecies.of_incident(tx, row.incident_id)
    places = row.region_codes or await runs.townships(tx, row.stream)
    told = places if row.state in ("active", "ended") else []
    concern = Concern(
        tuple(dict.fromkeys([row.region_code, *told])), restricted=secrecy.restricted, readers=secrecy.readers
    )
    return Entry(event, concern, row.incident_id)


async def fact_of(tx: Tx, by: Viewer, row: Response) -> ResponseFact:
    """Return the wire shape of a response after a change."""
    await tx.flush()
    found = await responses.seen(tx, by, row.id or 0)
    assert found is not None
    return found


async def _put(
    tx: Tx,
    by: Viewer,
    row: Response,
    kind: Literal["activate", "adjust", "terminate"],
    level: int | None,
    basis: str,
    now: datetime,
) -> ResponseFact:
    number = await responses.last_step(tx, row.id or 0) + 1
    tx.add(
        ResponseStep(
            response_id=row.id or 0,
            step=number,
            kind=kind,
            level_before=row.level,
            proposed_level=level,
            warning_colour=row.warning_colour,
            event_level=row.event_level,
            basis=basis,
            proposed_by=by.name,
            proposed_at=now,
        )
    )
    entry = await entry_of(tx, row, "response.proposed", number, by.name, basis)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return await fact_of(tx, by, row)
