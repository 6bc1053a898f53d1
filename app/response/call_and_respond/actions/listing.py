"""The standing list of those who are called, its yearly review, and the table of minutes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.response.call_and_respond.actions.access import require_at_centre
from app.response.call_and_respond.actions.drawing import draw
from app.response.call_and_respond.actions.telling import tell
from app.response.call_and_respond.commands import CalloutLimitsIn, CalloutListIn
from app.response.call_and_respond.events import (
    CalloutLimitsSet,
    CalloutListChanged,
    CalloutReviewed,
)
from app.response.call_and_respond.facts import (
    CalloutFilingFact,
    CalloutLimitsFact,
    CalloutListedFact,
)
from app.response.call_and_respond.rules.limits import COLOURS, Limits, Minutes, faults, stored
from app.response.call_and_respond.rules.review import FILED_BEFORE, review
from app.response.call_and_respond.store import lists, rounds
from app.response.call_and_respond.tables import CalloutFiling, CalloutLimits, CalloutListed


async def set_list(tx: Tx, by: Viewer, told: CalloutListIn, now: datetime) -> list[CalloutListedFact]:
    """Write a standing list anew. Raises NotPermitted, NotFound, InvalidInput."""
    require(by, "manage_people")
    code = told.region_code
    if not by.covers(code) or not code.endswith("000") or await lists.region_name(tx, code) is None:
        raise NotFound("该乡镇", "township")
    people = [one.person_id for one in told.entries if one.person_id is not None]
    offices = [one.office_id for one in told.entries if one.office_id is not None]
    if not await lists.known(tx, by.stream, people, offices):
        raise InvalidInput(
            FieldFault("entries", "名单中有本县没有的人员或职务", "an entry is not of the county")
        )
    await lists.clear(tx, by.stream, code)
    tx.add_all(
        CalloutListed(stream=by.stream, region_code=code, ordinal=n, **one.model_dump())
        for n, one in enumerate(told.entries, start=1)
    )
    await tx.flush()
    listed = await lists.listed(tx, by.stream, by.scope, code)
    event = CalloutListChanged(type="callout.listed", region_code=code, listed=listed)
    await tell(tx, by, by.stream, event, [code], now)
    return listed


async def file_list(tx: Tx, by: Viewer, now: datetime, zone: ZoneInfo) -> CalloutFilingFact:
    """File the list of the whole county for this year as it stands, gaps and all.

    Raises NotPermitted, CalloutNobody.
    """
    require_at_centre(by)
    row = await _filing(tx, by.stream, now, zone)
    drawn = await draw(tx, by, [by.stream.ljust(12, "0")], now)
    row.filed_at, row.filed_by = now, by.name
    row.people = len({who.person_id for one in drawn for who in one.people})
    row.gaps = [f"{one.name}:{'、'.join(one.gaps)}" for one in drawn if one.gaps]
    row.snapshot = [
        {
            "tier": one.tier,
            "region_code": one.region_code,
            "name": one.name,
            "people": [
                {"role": who.role, "name": who.name, "title": who.title, "phones": list(who.phones)}
                for who in one.people
            ],
        }
        for one in drawn
    ]
    await tx.flush()
    fact = filing_fact(row, now, zone)
    event = CalloutReviewed(type="callout.list_filed", filing=fact)
    await tell(tx, by, by.stream, event, [by.stream.ljust(12, "0")], now)
    return fact


async def filing(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> CalloutFilingFact:
    """Return how this year's review stands."""
    year = now.astimezone(zone).year
    row = await lists.filing(tx, stream, year) or CalloutFiling(stream=stream, year=year)
    return filing_fact(row, now, zone)


async def remind(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> int:
    """Tell the centre once that the list is to be reviewed, and once that it was not; return how often."""
    today = now.astimezone(zone).date()
    if review(today, None) == "not_yet":
        return 0
    known = await lists.filing(tx, stream, today.year)
    if known is not None and (known.filed_at or known.overdue_at):
        return 0
    state = review(today, None)
    if known is not None and known.reminded_at and state == "due":
        return 0
    row = await _filing(tx, stream, now, zone)
    if row.filed_at or row.overdue_at or (row.reminded_at and state == "due"):
        return 0  # another node was quicker
    if state == "overdue":
        row.overdue_at = now
    else:
        row.reminded_at = now
    await tx.flush()
    event = CalloutReviewed(
        type="callout.review_overdue" if state == "overdue" else "callout.review_due",
        filing=filing_fact(row, now, zone),
    )
    await tell(tx, None, stream, event, [stream.ljust(12, "0")], now)
    return 1


def filing_fact(row: CalloutFiling, now: datetime, zone: ZoneInfo) -> CalloutFilingFact:
    """Return the wire shape of a review."""
    today = now.astimezone(zone).date()
    filed_on = row.filed_at.astimezone(zone).date() if row.filed_at else None
    return CalloutFilingFact(
        **row.model_dump(exclude={"stream", "snapshot"}),
        due_on=today.replace(month=FILED_BEFORE[0], day=FILED_BEFORE[1]),
        state=review(today, filed_on),
    )


async def set_limits(tx: Tx, by: Viewer, told: CalloutLimitsIn, now: datetime) -> CalloutLimitsFact:
    """Write a new version of the table of minutes; rounds that run keep theirs.

    Raises NotPermitted, InvalidInput.
    """
    require(by, "approve_duty")
    require_at_centre(by)
    colours = {colour: Minutes(**getattr(told, colour).model_dump()) for colour in COLOURS}
    table = Limits(colours, told.verify_percent)
    if wrong := faults(table):
        raise InvalidInput(*(FieldFault(one.name, one.zh, one.en) for one in wrong))
    await lists.lock_settings(tx, by.stream)
    version, _ = await rounds.limits(tx, by.stream)
    tx.add(
        CalloutLimits(
            stream=by.stream,
            version=version + 1,
            limits=stored(table),
            reason=told.reason,
            made_by=by.name,
            made_at=now,
        )
    )
    await tx.flush()
    fact = await rounds.limits_fact(tx, by.stream)
    event = CalloutLimitsSet(type="callout.limits_set", limits=fact)
    await tell(tx, by, by.stream, event, [by.stream.ljust(12, "0")], now)
    return fact


async def _filing(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> CalloutFiling:
    """Return this year's review, locked; written when nothing was done about it yet."""
    year = now.astimezone(zone).year
    await lists.lock_settings(tx, stream)
    row = await lists.filing(tx, stream, year, lock=True)
    if row is None:
        row = CalloutFiling(stream=stream, year=year)
        tx.add(row)
        await tx.flush()
    return row
