"""Who may do what: the centre asks and writes down for others, each unit answers for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.db import Tx
from app.dispatch.secrecy import store as secrecy
from app.dispatch.status_call.actions.refusals import StatusCallNotAsked, StatusCallOver
from app.dispatch.status_call.facts import StatusRecipientFact
from app.dispatch.status_call.store import calls, recipients, units
from app.dispatch.status_call.tables import StatusCall, StatusRecipient
from app.journal.concern import Concern
from app.org.rules.access import Viewer, require
from app.refusals import NotFound, NotPermitted


def at_centre(by: Viewer) -> bool:
    """Whether this person works for the whole county."""
    return by.stream.startswith(by.scope)


def require_at_centre(by: Viewer) -> None:
    """Raise NotPermitted unless this person may command, and for the whole county."""
    require(by, "command")
    if not at_centre(by):
        raise NotPermitted


def may_answer(by: Viewer, unit_id: int, region_code: str, own_unit: int | None) -> bool:
    """Whether a unit is this person's own: he belongs to it, or sits at the desk of its place."""
    if own_unit == unit_id:
        return True
    return by.may("command") and not at_centre(by) and by.covers(region_code)


async def centre_of(tx: Tx, call: StatusCall) -> Concern:
    """Whom it concerns that only the centre need know."""
    return await _narrowed(tx, call, Concern((call.stream.ljust(12, "0"),)))


async def concern_of(tx: Tx, call: StatusCall, asked: Sequence[StatusRecipientFact], *also: str) -> Concern:
    """Whom a round and these units' part in it concern; `also` are further places.

    Where readers of its incident were named: they, and those who are asked.
    """
    places = tuple(dict.fromkeys([*also, *(unit.region_code for unit in asked)]))
    return await _narrowed(tx, call, Concern(places), asked)


async def _narrowed(
    tx: Tx, call: StatusCall, concern: Concern, asked: Sequence[StatusRecipientFact] = ()
) -> Concern:
    known = await secrecy.of_incident(tx, call.incident_id)
    readers = list(known.readers)
    if readers:
        readers += await secrecy.desks_at(tx, call.stream, [unit.region_code for unit in asked])
        readers += await secrecy.people_of(tx, [unit.unit_id for unit in asked])
    return replace(concern, restricted=known.restricted, readers=tuple(dict.fromkeys(readers)))


async def known_call(tx: Tx, by: Viewer, call_id: int) -> StatusCall:
    """Return a round, locked, for one at the centre who may know its incident.

    Raises NotFound, NotPermitted.
    """
    require_at_centre(by)
    call = await calls.locked(tx, by.stream, call_id)
    if call is None or not await secrecy.knows(tx, by, call.incident_id):
        raise NotFound("该次调度", "status round-up")
    return call


async def call_for_work(tx: Tx, by: Viewer, call_id: int) -> StatusCall:
    """Return an open round, locked, for one who runs it.

    Raises NotFound, NotPermitted, StatusCallOver, StatusCallNotAsked.
    """
    call = await known_call(tx, by, call_id)
    if call.state == "planned":
        raise StatusCallNotAsked
    if call.state != "open":
        raise StatusCallOver
    return call


async def recipient_for_answer(
    tx: Tx, by: Viewer, recipient_id: int
) -> tuple[StatusCall, StatusRecipient, str, bool]:
    """Return (round, recipient, place, own) of one this person answers or writes down for, the round locked.

    Raises NotFound.
    """
    found = await recipients.row(tx, by.stream, recipient_id)
    call = await calls.locked(tx, by.stream, found[1]) if found else None
    if found is None or call is None:
        raise NotFound("该填报单位", "recipient")
    region_code, _ = await units.place_of(tx, found[0].unit_id)
    own = may_answer(by, found[0].unit_id, region_code, await units.unit_of_person(tx, by.person_id))
    told = by.may("command") and at_centre(by) and await secrecy.knows(tx, by, call.incident_id)
    if not own and not told:
        raise NotFound("该填报单位", "recipient")
    return call, found[0], region_code, own
