"""Field phones (外勤手机): a one-time link for a person, the login with it, and the end of a lost phone."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from app.api.house import By, InHouse, InTx
from app.api.late_route import LateRoute
from app.api.qr import qr_code
from app.api.route import DeskRoute, address_of, require_own_page
from app.api.session import give_cookie
from app.api.shapes import Me, me_of
from app.commands import RowId
from app.dispatch.actions.climb import phones_gone
from app.dispatch.commands import ReasonIn
from app.org.phones import actions
from app.org.phones.commands import LinkLoginIn, PhoneLinkIn
from app.org.phones.facts import FieldPhoneFact, NewPhoneLink

# The link is the key, and no cookie is there yet.
door = APIRouter(prefix="/api", tags=["session"], route_class=LateRoute)
router = APIRouter(prefix="/api/people/{person_id}/phones", tags=["people"], route_class=DeskRoute)


@door.post("/login/link")
async def log_in(told: LinkLoginIn, request: Request, response: Response, house: InHouse) -> Me:
    """Log a phone in with a one-time link; its session lasts days, until somebody ends it."""
    require_own_page(request, house)
    lifetime = timedelta(days=house.settings.phone_days)
    async with house.database.transaction() as tx:
        opened = await actions.log_in(tx, told, address_of(request), house.clock.now(), lifetime)
    give_cookie(response, house, opened.token, lifetime)
    return me_of(opened.viewer, house.settings.zone)


@router.get("")
async def listed(person_id: RowId, by: By, tx: InTx, house: InHouse) -> list[FieldPhoneFact]:
    """Return the phones of a person, the latest first."""
    return await actions.listed(tx, by, person_id, house.clock.now())


@router.post("", status_code=201)
async def make_link(
    person_id: RowId, told: PhoneLinkIn, request: Request, by: By, tx: InTx, house: InHouse
) -> NewPhoneLink:
    """Make a one-time link for a person, to be shown as a QR code. Send no Idempotency-Key: answers are kept.

    The link carries its secret behind `#`: no server and no log ever sees it.
    """
    made = await actions.make_link(tx, by, person_id, told, house.clock.now())
    here = request.headers.get("origin") or f"{request.url.scheme}://{request.headers.get('host', '')}"
    address = f"{here}/m/#login={made.token}"
    return NewPhoneLink(**dict(made.phone), address=address, qr=qr_code(address))


@router.post("/{phone_id}/revocation")
async def revoke(
    person_id: RowId, phone_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse
) -> FieldPhoneFact:
    """End a lost phone at once: its login and its pushes; its team's orders go on to the next channel."""
    ended = await actions.revoke(tx, by, person_id, phone_id, told.reason, house.clock.now())
    await phones_gone(tx, ended.team_ids, house.clock.now())
    return ended.phone
