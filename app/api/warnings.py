"""Warnings (预警): what stands, their chains and raw messages, what people do about them."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from app.api.attachments import ANY_FILE
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.duty.declared.facts import DeclaredPeriodFact
from app.org.rules.access import require, require_for_county
from app.refusals import NotFound, NotPermitted
from app.response.warning import export
from app.response.warning.actions import desk, sources
from app.response.warning.actions.intake import Arrival, receive
from app.response.warning.commands import WarningIn, WarningPeriodIn, WarningSourceIn, WarningVouchIn
from app.response.warning.facts import (
    NewWarningSource,
    WarningBrief,
    WarningFact,
    WarningMessageFact,
    WarningReceipt,
    WarningSourceFact,
)
from app.response.warning.refusals import WarningTooLarge
from app.response.warning.rules.chain import stand
from app.response.warning.rules.inlet import MOST_BYTES
from app.response.warning.store import chains, messages
from app.response.warning.telling import history_of, links_of, message_fact, whole

router = APIRouter(prefix="/api/warnings", tags=["warnings"], route_class=DeskRoute)
Limit = Annotated[int, Query(ge=1, le=200)]
Before = Annotated[RowId | None, Query()]
_STANDINGS = {"in_force": ("in_force",), "over": ("lifted", "expired")}
_XML: dict[int | str, dict[str, Any]] = {200: {"content": {"application/cap+xml": {}}}}
_RAW: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    standing: Literal["in_force", "over"] = "in_force",
    limit: Limit = 100,
    before: Before = None,
) -> list[WarningBrief]:
    """Return the warnings in force, or those that are over, the latest first."""
    require(by, "see_desk")
    return await chains.listed(tx, by, _STANDINGS[standing], limit, before)


@router.get("/unacknowledged")
async def unacknowledged(by: By, tx: InTx, house: InHouse) -> list[WarningBrief]:
    """Return what one's own desk has not acknowledged yet, the latest change first."""
    require(by, "see_desk")
    return await chains.unacknowledged(tx, by, house.clock.now())


@router.post("", status_code=201)
async def enter(told: WarningIn, by: By, tx: InTx, house: InHouse) -> WarningReceipt:
    """Type in a warning that came by fax, paper or telephone, or an update or a cancel of one."""
    return await desk.enter(tx, by, told, house.clock.now())


@router.post("/file", status_code=201, openapi_extra=ANY_FILE)
async def from_file(request: Request, response: Response, by: By, tx: InTx, house: InHouse) -> WarningReceipt:
    """Take in a file: CAP 1.2 or 12379 XML, told by its root. One known by its bytes is answered 200."""
    require(by, "command")
    if by.scope != by.stream:
        raise NotPermitted
    data = await request.body()
    if len(data) > MOST_BYTES:
        raise WarningTooLarge
    found = await receive(tx, Arrival(by.stream, "file", by.name, by=by), data, house.clock.now())
    response.status_code = 200 if found.known else 201
    return found


@router.get("/messages")
async def raw_messages(
    by: By,
    tx: InTx,
    outcome: Literal["waiting", "refused", "all"] = "all",
    limit: Limit = 100,
    before: Before = None,
) -> list[WarningMessageFact]:
    """Return messages as they came, the latest first: those that wait for a person, the refused, or all."""
    require(by, "see_desk")
    if outcome == "waiting":
        found = []
        for id_ in await chains.undecided(tx, by):
            rows = await messages.of_chain(tx, id_)
            found += [one for one in history_of(rows, stand(links_of(rows))) if one.state == "waiting"]
        return found[:limit]
    outcomes = ("refused",) if outcome == "refused" else ("taken", "doubtful", "copy", "refused")
    rows = await messages.listed(tx, by, outcomes, limit, before)
    ids = sorted({row.warning_id for row in rows if row.warning_id is not None})
    stands = {id_: stand(links_of(of)) for id_, of in (await messages.of_chains(tx, ids)).items()}
    return [message_fact(row, stands.get(row.warning_id or 0)) for row in rows]


@router.get("/messages/{message_id}/raw", response_class=Response, responses=_RAW)
async def raw(message_id: RowId, by: By, tx: InTx) -> Response:
    """Return the bytes of a message as they came. They are handed out to be kept, never to be shown."""
    require(by, "see_desk")
    row = await messages.visible(tx, by, message_id)
    if row is None:
        raise NotFound("该预警消息", "message of a warning")
    ending = "json" if row.means == "form" else "xml"
    return Response(row.data, media_type="application/octet-stream", headers=_named(f"{row.id}.{ending}"))


@router.post("/messages/{message_id}/judgement")
async def judge(message_id: RowId, told: WarningVouchIn, by: By, tx: InTx, house: InHouse) -> WarningFact:
    """Judge a message that waits: a stranger's cancel, one with faults. It counts, or it does not."""
    return await desk.vouch(tx, by, message_id, told, house.clock.now())


@router.get("/sources")
async def registered(by: By, tx: InTx) -> list[WarningSourceFact]:
    """Return the sources of warnings; secrets are in no answer."""
    require_for_county(by, "manage_people")
    return await messages.sources(tx, by.stream)


@router.post("/sources", status_code=201)
async def register(told: WarningSourceIn, by: By, tx: InTx, house: InHouse) -> NewWarningSource:
    """Register a source; its secret is told this once."""
    return await sources.make(tx, by, told, house.clock.now())


@router.delete("/sources/{source_id}")
async def revoke(source_id: RowId, by: By, tx: InTx, house: InHouse) -> WarningSourceFact:
    """Take nothing more from a source."""
    return await sources.revoke(tx, by, source_id, house.clock.now())


@router.get("/{warning_id}")
async def one(warning_id: RowId, by: By, tx: InTx) -> WarningFact:
    """Return a warning: its words, whom it concerns, its history, what it proposes."""
    require(by, "see_desk")
    row = await chains.visible(tx, by, warning_id)
    if row is None:
        raise NotFound("该预警", "warning")
    return whole(row, await messages.of_chain(tx, row.id or 0))


@router.get("/{warning_id}/cap", response_class=Response, responses=_XML)
async def as_cap(warning_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the warning as a CAP 1.2 file for partners; of one that was lifted, the cancel."""
    require(by, "see_desk")
    row = await chains.visible(tx, by, warning_id)
    if row is None:
        raise NotFound("该预警", "warning")
    rows = await messages.of_chain(tx, row.id or 0)
    name, data = export.cap_file(rows, house.settings.zone)
    return Response(data, media_type="application/cap+xml", headers=_named(name))


@router.post("/{warning_id}/acknowledgement")
async def acknowledge(warning_id: RowId, by: By, tx: InTx, house: InHouse) -> WarningBrief:
    """Acknowledge for one's own desk what a warning says now (签收)."""
    return await desk.acknowledge(tx, by, warning_id, house.clock.now())


@router.post("/{warning_id}/key-period", status_code=201)
async def key_period(
    warning_id: RowId, told: WarningPeriodIn, by: By, tx: InTx, house: InHouse
) -> DeclaredPeriodFact:
    """Declare the key period that a warning proposes, as the county's leader. A drill declares none."""
    now = house.clock.now()
    return await desk.declare_period(tx, by, warning_id, told, now, house.readiness.today(now))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
