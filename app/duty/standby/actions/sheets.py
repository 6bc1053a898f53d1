"""The month's allowance sheet: what the records say, and a leader's signature under it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.db import Tx
from app.duty.standby.commands import ApprovalIn
from app.duty.standby.events import AllowanceApproved
from app.duty.standby.facts import SheetFact, SheetLineFact
from app.duty.standby.rules.allowance import PersonSum, by_person, total
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.store import allowance, places, returns
from app.duty.standby.tables import AllowanceSheet
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal


class StaleSheet(Refusal):
    """The sum is no longer the one that was read."""

    code = "stale_sheet"

    def __init__(self) -> None:
        super().__init__("金额已变动,请重新核对后再审批", "the sum has changed: look again before you sign")


class NothingChanged(Refusal):
    """The same sheet is not signed twice."""

    code = "nothing_changed"

    def __init__(self) -> None:
        super().__init__("此表已审批,且没有变动", "this sheet is approved, and nothing has changed since")


def after(month: date) -> date:
    """Return the first day of the next month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


async def sheets(tx: Tx, by: Viewer, month: date, book: Rulebook) -> list[SheetFact]:
    """Return a month's sheets of the scope, every township that keeps standby, paid or not."""
    rule = book.township_rule
    kept = await places.townships(tx, by.stream, by.scope, rule.place_kinds) if rule else []
    lines = by_person(await allowance.person_days(tx, by.stream, by.scope, month, after(month)))
    signed = await allowance.approved(tx, by.stream, by.scope, month)
    found = []
    for place in kept:
        own = [line for line in lines if line.region_code == place.code]
        sums, facts = total(own), [_line(place.name_zh, line) for line in own]
        last, stood = signed.get(place.code, (None, []))
        found.append(
            SheetFact(
                region_code=place.code,
                region_name=place.name_zh,
                month=month,
                person_days=sums.person_days,
                yuan=sums.yuan,
                approved=last,
                changed=last is not None and stood != facts,
                lines=facts,
            )
        )
    return found


def _line(place: str, line: PersonSum) -> SheetLineFact:
    return SheetLineFact(
        region_code=line.region_code,
        region_name=place,
        name=line.name,
        phone=line.phone,
        person_id=line.person_id,
        days=list(line.days),
        yuan=line.yuan,
    )


async def approve(
    tx: Tx, by: Viewer, month: date, region_code: str, told: ApprovalIn, now: datetime, book: Rulebook
) -> SheetFact:
    """Sign a township's month as it was read. Raises NotFound, NotPermitted, StaleSheet, NothingChanged."""
    require(by, "approve_duty")
    await returns.serialise(tx, by.stream)
    found = next((one for one in await sheets(tx, by, month, book) if one.region_code == region_code), None)
    if found is None:
        raise NotFound("这个须备勤的乡镇", "township that keeps persons on standby")
    if book.today(now) < after(month) - timedelta(days=1):
        raise InvalidInput(FieldFault("month", "月末方可审批", "a month is approved from its last day on"))
    if (found.person_days, found.yuan) != (told.person_days, told.yuan):
        raise StaleSheet
    if found.approved is not None and not found.changed:
        raise NothingChanged
    row = AllowanceSheet(
        stream=by.stream,
        region_code=region_code,
        month=month,
        revision=(found.approved.revision if found.approved else 0) + 1,
        person_days=found.person_days,
        yuan=found.yuan,
        lines=[line.model_dump(mode="json") for line in found.lines],
        approved_by=by.name,
        approved_at=now,
    )
    tx.add(row)
    await tx.flush()
    signed, _ = (await allowance.approved(tx, by.stream, by.scope, month))[region_code]
    event = AllowanceApproved(
        type="standby.sheet_approved",
        region_code=region_code,
        region_name=found.region_name,
        month=month,
        revision=row.revision,
        person_days=row.person_days,
        yuan=row.yuan,
        before=found.approved.yuan if found.approved else None,
    )
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern((region_code,)))], actor(by))
    return found.model_copy(update={"approved": signed, "changed": False})
