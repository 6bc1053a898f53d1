"""The intake queue: notices of partners by webhook, of superiors by hand or file, of villages by phone."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import ValidationError

from app.api.attachments import ANY_FILE, Shown, given_out, shelf_of
from app.api.house import By, House, InHouse, InTx
from app.api.late_route import LateRoute
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.attachments.commands import AttachmentIn
from app.dispatch.attachments.facts import AttachmentFact
from app.dispatch.commands import IncidentIn
from app.dispatch.facts import IncidentFact
from app.dispatch.inbox import actions, photos, store
from app.dispatch.inbox.commands import (
    DismissNoticeIn,
    IntakeNoticeIn,
    JoinIn,
    LinkedPartnerIn,
    PartnerNoticeIn,
    TypedNoticeIn,
)
from app.dispatch.inbox.facts import IntakeNoticeFact, LinkedPartnerFact, NewPartner, NoticeReceipt
from app.dispatch.inbox.refusals import BadSignature, NoticeTooLarge, StaleNotice
from app.dispatch.inbox.rules import MOST_BYTES, fresh, rows_in, signed_by
from app.org.rules.access import require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted

router = APIRouter(prefix="/api/intake", tags=["intake"], route_class=DeskRoute)
# No cookie: the signature is the key.
door = APIRouter(prefix="/api/partners", tags=["intake"], route_class=LateRoute)
WAITING, JUDGED = ("waiting",), ("opened", "joined", "dismissed")


@door.post("/{key}/notices", status_code=201)
async def from_partner(
    key: str,
    request: Request,
    response: Response,
    x_zhishou_timestamp: Annotated[str, Header(max_length=20)] = "",
    x_zhishou_signature: Annotated[str, Header(max_length=100)] = "",
) -> NoticeReceipt:
    """Take in a partner's signed notice; the same one again is answered 200 and changes nothing.

    `X-Zhishou-Timestamp` are seconds since 1970, `X-Zhishou-Signature` is `sha256=` and the HMAC-SHA256,
    in hex, of the time stamp, a full stop and the body, with the partner's secret.
    """
    house = cast("House", request.app.state.house)
    body = await _small_body(request)
    async with house.database.transaction() as tx:
        now = house.clock.now()
        partner = await actions.partner_of(tx, key)
        if not signed_by(partner.secret, x_zhishou_timestamp, body, x_zhishou_signature):
            raise BadSignature
        if not fresh(x_zhishou_timestamp, now):
            raise StaleNotice
        told = _notice(body)
        sender = actions.Sender(partner.stream, "partner", partner.name_zh, partner_id=partner.id)
        found = await actions.receipt(tx, sender, told, now)
    response.status_code = 200 if found.known else 201
    return found


async def _small_body(request: Request) -> bytes:
    """Read no more than a notice may have."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise NoticeTooLarge
    return body


def _notice(body: bytes) -> PartnerNoticeIn:
    try:
        return PartnerNoticeIn.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput(*_faults(error)) from None


def _faults(error: ValidationError, where: str = "") -> list[FieldFault]:
    return [
        FieldFault(where + (".".join(map(str, one["loc"])) or "body"), "内容不正确:" + one["msg"], one["msg"])
        for one in error.errors(include_url=False)[:20]
    ]


@router.get("")
async def queue(
    by: By,
    tx: InTx,
    state: Literal["waiting", "judged"] = "waiting",
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[IntakeNoticeFact]:
    """Return the notices that wait, or those that were judged, the latest first."""
    require(by, "see_desk")
    return await store.listed(tx, by, WAITING if state == "waiting" else JUDGED, limit)


@router.post("", status_code=201)
async def typed(told: TypedNoticeIn, by: By, tx: InTx, house: InHouse) -> IntakeNoticeFact:
    """Enter a notice of a superior, a partner or a warning that came by telephone, fax or paper."""
    require(by, "command")
    _require_place(by, told)
    sender = actions.Sender(by.stream, told.source, by.name, by=by)
    plain = IntakeNoticeIn(**told.model_dump(exclude={"source"}))
    return (await actions.receive(tx, sender, plain, house.clock.now()))[0]


def _require_place(by: By, told: IntakeNoticeIn) -> None:
    if told.region_code is not None and not by.covers(told.region_code):
        raise NotPermitted


@router.post("/file", status_code=201, openapi_extra=ANY_FILE)
async def from_file(
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    source: Annotated[Literal["superior", "warning"], Query()],
) -> list[IntakeNoticeFact]:
    """Take in a file of notices, JSON or CSV, all or none; those known by their number stay as they are."""
    require(by, "command")
    try:
        rows = rows_in(await request.body())
    except ValueError as error:
        zh, _, en = str(error).partition(" / ")
        raise InvalidInput(FieldFault("file", zh, en)) from None
    sender = actions.Sender(by.stream, source, by.name, by=by)
    notices = [_row(number, row) for number, row in enumerate(rows, start=1)]
    for told in notices:
        _require_place(by, told)
    return [(await actions.receive(tx, sender, told, house.clock.now()))[0] for told in notices]


def _row(number: int, row: dict[str, object]) -> IntakeNoticeIn:
    try:
        return IntakeNoticeIn.model_validate(row)
    except ValidationError as error:
        raise InvalidInput(*_faults(error, f"第{number}条.")) from None


@router.post("/reports", status_code=201)
async def quick_report(told: IntakeNoticeIn, by: By, tx: InTx, house: InHouse) -> IntakeNoticeFact:
    """Take in a quick report from a phone in a village, with its place."""
    if not (by.may("answer") or by.may("command")):
        raise NotPermitted
    sender = actions.Sender(by.stream, "village", by.name, by=by)
    return (await actions.receive(tx, sender, told, house.clock.now()))[0]


@router.get("/partners")
async def partners(by: By, tx: InTx) -> list[LinkedPartnerFact]:
    """Return the partners that may send notices; their secrets are told only once."""
    require(by, "manage_people")
    return await store.partners(tx, by.stream) if by.scope == by.stream else []


@router.post("/partners", status_code=201)
async def let_in(told: LinkedPartnerIn, by: By, tx: InTx, house: InHouse) -> NewPartner:
    """Let a partner send notices."""
    return await actions.let_in(tx, by, told, house.clock.now())


@router.delete("/partners/{partner_id}")
async def shut_out(partner_id: RowId, by: By, tx: InTx, house: InHouse) -> LinkedPartnerFact:
    """Let a partner send no more notices."""
    return await actions.shut_out(tx, by, partner_id, house.clock.now())


@router.get("/{notice_id}")
async def one(notice_id: RowId, by: By, tx: InTx) -> IntakeNoticeFact:
    """Return one notice."""
    require(by, "see_desk")
    found = await store.visible(tx, by, notice_id)
    if found is None:
        raise NotFound("该来报", "notice")
    return found


@router.post("/{notice_id}/incident", status_code=201)
async def open_from(notice_id: RowId, told: IncidentIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Judge a notice to be an incident and open it."""
    return await actions.open_from(tx, by, notice_id, told, house.clock.now(), house.settings.zone)


@router.post("/{notice_id}/join", status_code=201)
async def join(notice_id: RowId, told: JoinIn, by: By, tx: InTx, house: InHouse) -> IntakeNoticeFact:
    """Judge a notice to tell of an incident that is open already."""
    return await actions.join(tx, by, notice_id, told, house.clock.now())


@router.post("/{notice_id}/dismissal", status_code=201)
async def dismiss(
    notice_id: RowId, told: DismissNoticeIn, by: By, tx: InTx, house: InHouse
) -> IntakeNoticeFact:
    """Judge a notice to be no incident."""
    return await actions.dismiss(tx, by, notice_id, told.reason, house.clock.now())


@router.get("/{notice_id}/attachments")
async def photos_of(notice_id: RowId, by: By, tx: InTx) -> list[AttachmentFact]:
    """Return the photos sent with a notice."""
    return await photos.listed(tx, by, notice_id)


@router.post("/{notice_id}/attachments", status_code=201, openapi_extra=ANY_FILE)
async def add_photo(
    notice_id: RowId,
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    told: Annotated[AttachmentIn, Query()],
) -> AttachmentFact:
    """Add a photo to a notice of one's own."""
    content = await request.body()
    return await photos.add(tx, by, notice_id, told, content, shelf_of(house), house.clock.now())


@router.get(
    "/{notice_id}/attachments/{attachment_id}/content",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def photo(
    notice_id: RowId, attachment_id: RowId, by: By, tx: InTx, house: InHouse, shown: Annotated[Shown, Query()]
) -> Response:
    """Return the content of a photo sent with a notice."""
    row = await photos.readable(tx, by, notice_id, attachment_id)
    return await given_out(house, row, shown)
