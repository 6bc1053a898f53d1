"""Teams return their strength every morning; a leader may accept fewer for a while."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.db import Tx
from app.duty.declared import store as declared
from app.duty.standby.actions.alert import settled
from app.duty.standby.commands import ExemptionIn, ReturnIn
from app.duty.standby.events import ReadinessExempted, ReadinessReturned
from app.duty.standby.facts import ExemptionFact, ReturnFact
from app.duty.standby.rules.required import ReadinessRule
from app.duty.standby.rules.rulebook import Rulebook
from app.duty.standby.store import places, returns
from app.duty.standby.store.places import Unit
from app.duty.standby.tables import ReadinessExemption, ReadinessReturn
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound

LONGEST_EXEMPTION = timedelta(days=92)


async def make_return(
    tx: Tx, by: Viewer, team_id: int, day: date, told: ReturnIn, now: datetime, book: Rulebook
) -> ReturnFact:
    """Take a team's return of today, or put yesterday's right.

    Raises NotFound, NotPermitted, InvalidInput.
    """
    unit, rule = await _unit(tx, by, team_id, book)
    require(by, "set_standby")
    today = book.today(now)
    if not today - timedelta(days=1) <= day <= today:
        raise InvalidInput(
            FieldFault("day", "只能填报当日,或更正前一日", "a return is for today, or corrects yesterday's")
        )
    _must_add_up(told, unit)
    await returns.serialise(tx, by.stream)
    before = await returns.fact(tx, team_id, day)
    row = await returns.row_of(tx, team_id, day)
    if row is None:
        row = ReadinessReturn(
            stream=by.stream,
            team_id=team_id,
            day=day,
            late=now > book.due_at(day),
            revision=0,
            key_day=bool(book.key_day(rule, day, await declared.in_force(tx, by.stream, day, day))),
            strength=unit.strength,
            **told.model_dump(),
            returned_by=by.name,
            returned_at=now,
        )
        tx.add(row)
    for name, value in told.model_dump().items():
        setattr(row, name, value)
    row.strength, row.revision = unit.strength, row.revision + 1
    row.returned_by, row.returned_at = by.name, now
    await tx.flush()
    fact = await returns.fact(tx, team_id, day)
    assert fact is not None
    entries = [
        journal.Entry(ReadinessReturned(type="readiness.returned", returned=fact, before=before), _at(unit))
    ]
    entries += await settled(tx, by.stream, f"team:{unit.root_id}", day, book, now)
    await journal.append(tx, by.stream, now, entries, actor(by))
    return fact


def _must_add_up(told: ReturnIn, unit: Unit) -> None:
    said = told.on_post + told.on_leave + told.out + told.sick
    if said != unit.strength:
        raise InvalidInput(
            FieldFault(
                "on_post",
                f"在岗、休假、出勤、病合计{said}人,与在册{unit.strength}人不符",
                f"the four add up to {said}, the strength on the books is {unit.strength}",
            )
        )


async def _unit(tx: Tx, by: Viewer, team_id: int, book: Rulebook) -> tuple[Unit, ReadinessRule]:
    unit = await places.team_of(tx, by.stream, team_id)
    rule = book.rule_of(unit.kind) if unit else None
    if unit is None or rule is None or not by.covers(unit.region_code):
        raise NotFound("这支须报备勤的队伍", "team that makes returns")
    return unit, rule


async def exempt(tx: Tx, by: Viewer, told: ExemptionIn, now: datetime, book: Rulebook) -> ExemptionFact:
    """Accept fewer than required, until a day. Raises NotFound, NotPermitted, InvalidInput."""
    subject, name, region = await _subject(tx, by, told.team_id, told.region_code, book)
    require(by, "approve_duty")
    today = book.today(now)
    first = told.first or today
    if not today <= first <= told.until <= first + LONGEST_EXEMPTION:
        raise InvalidInput(
            FieldFault(
                "until",
                "豁免自今日起,先起后止,最长92天",
                "an exemption begins today or later, ends after it begins, and lasts 92 days at most",
            )
        )
    await returns.serialise(tx, by.stream)
    row = ReadinessExemption(
        stream=by.stream,
        team_id=told.team_id,
        region_code=told.region_code,
        first=first,
        until=told.until,
        floor=told.floor,
        reason=told.reason,
        granted_by=by.name,
        granted_at=now,
    )
    tx.add(row)
    await tx.flush()
    fact = ExemptionFact.model_validate(row)
    event = ReadinessExempted(type="readiness.exempted", name=name, exemption=fact)
    entries = [journal.Entry(event, Concern((region,)))]
    entries += await settled(tx, by.stream, subject, today, book, now)
    await journal.append(tx, by.stream, now, entries, actor(by))
    return fact


async def revoke(tx: Tx, by: Viewer, exemption_id: int, now: datetime, book: Rulebook) -> ExemptionFact:
    """Take an exemption back: from now on the rule holds again. Raises NotFound, NotPermitted."""
    await returns.serialise(tx, by.stream)
    row = await returns.exemption_row(tx, by.stream, exemption_id)
    if row is None or row.revoked_at is not None:
        raise NotFound("这条豁免", "exemption in force")
    subject, name, region = await _subject(tx, by, row.team_id, row.region_code, book)
    require(by, "approve_duty")
    row.revoked_by, row.revoked_at = by.name, now
    await tx.flush()
    fact = ExemptionFact.model_validate(row)
    event = ReadinessExempted(type="readiness.exemption_revoked", name=name, exemption=fact)
    entries = [journal.Entry(event, Concern((region,)))]
    entries += await settled(tx, by.stream, subject, book.today(now), book, now)
    await journal.append(tx, by.stream, now, entries, actor(by))
    return fact


async def _subject(
    tx: Tx, by: Viewer, team_id: int | None, region_code: str | None, book: Rulebook
) -> tuple[str, str, str]:
    """Return (subject, name, region) of a brigade or township of the scope."""
    if team_id is not None:
        unit, _ = await _unit(tx, by, team_id, book)
        if unit.root_id != unit.id:
            raise NotFound("这支大队(豁免以大队计)", "brigade (exemptions are for whole brigades)")
        return f"team:{unit.id}", unit.name_zh, unit.region_code
    rule = book.township_rule
    kept = await places.townships(tx, by.stream, by.scope, rule.place_kinds) if rule else []
    place = next((one for one in kept if one.code == region_code), None)
    if place is None:
        raise NotFound("这个须备勤的乡镇", "township that keeps persons on standby")
    return f"township:{place.code}", place.name_zh, place.code


def _at(unit: Unit) -> Concern:
    return Concern((unit.region_code,))
