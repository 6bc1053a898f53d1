"""The month's roster: worked on as a draft, published as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.roster import rotations
from app.duty.roster.actions.examination import examine_draft
from app.duty.roster.actions.post import concern, month_of, post_for_planning
from app.duty.roster.actions.settle import REACH, resolve_shifts, seat_plans, settle
from app.duty.roster.commands import MOST_CELLS, CellIn, DraftIn, ProposalIn, PublishIn
from app.duty.roster.events import RosterPublished
from app.duty.roster.facts import CellFact, FindingFact, PostFact, RosterFact, RosterPreview
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.resolve import FixedShift, SeatPlan
from app.duty.roster.store import plans, shifts
from app.duty.roster.tables import RosterMonth
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput, Refusal

DUE_DAY = 25  # R11: the roster of the next month is published by this day


class StaleRoster(Refusal):
    """Somebody else changed the draft meanwhile."""

    code = "stale_roster"

    def __init__(self, by: str) -> None:
        super().__init__(
            f"{by or '他人'}刚刚修改了这份排班表,请刷新后再改,您的改动尚未保存",
            f"{by or 'somebody'} has just changed this roster: reload; your change is not saved",
        )


class NothingToPublish(Refusal):
    """There is no draft."""

    code = "nothing_to_publish"

    def __init__(self) -> None:
        super().__init__("还没有排班草稿", "there is no draft to publish")


class RosterRefused(Refusal):
    """The rules find something that nobody may publish, or that the planner has not answered for."""

    code = "roster_refused"

    def __init__(self, findings: Sequence[FindingFact]) -> None:
        super().__init__(
            ";".join(f.zh for f in findings[:5]),
            "; ".join(f.en for f in findings[:5]),
            *(FieldFault(f.code, f.zh, f.en) for f in findings[:50]),
        )


async def save_draft(
    tx: Tx, by: Viewer, post_id: int, first_day: date, told: DraftIn, now: datetime, zone: ZoneInfo
) -> RosterPreview:
    """Put a whole draft in the place of the one that was read. Raises StaleRoster, InvalidInput."""
    post = await post_for_planning(tx, by, post_id)
    month = await _month_at(tx, post_id, first_day, told.version)
    await _require_known(tx, by, post, month, told.cells, month_of(first_day, zone))
    _keep_draft(month, [_stored(c.seat_id, c.person_id, c.starts_at, c.ends_at) for c in told.cells], by, now)
    tx.add(month)
    return await preview(tx, by.stream, post, month, now, zone)


async def keep_generated(
    tx: Tx,
    by: Viewer,
    post_id: int,
    first_day: date,
    version: int,
    cells: Sequence[tuple[int, int, datetime, datetime]],
    now: datetime,
) -> None:
    """Put what was generated in the place of the draft of that version. Raises StaleRoster, NotFound."""
    await post_for_planning(tx, by, post_id)
    month = await _month_at(tx, post_id, first_day, version)
    _keep_draft(month, [_stored(*cell) for cell in cells], by, now)
    tx.add(month)
    await tx.flush()


async def propose(
    tx: Tx, by: Viewer, post_id: int, first_day: date, told: ProposalIn, now: datetime, zone: ZoneInfo
) -> RosterPreview:
    """Fill the draft from the rotations or from what is published. Raises StaleRoster."""
    post = await post_for_planning(tx, by, post_id)
    month = await _month_at(tx, post_id, first_day, told.version)
    if told.source == "published":
        cells = list(month.published or [])
    else:
        cells = await _from_rotations(tx, post_id, month_of(first_day, zone), zone)
    if len(cells) > MOST_CELLS:
        raise InvalidInput(
            FieldFault(
                "source",
                f"轮班会排出{len(cells)}个班次,超过上限{MOST_CELLS},请先减少轮班",
                f"the rotations give {len(cells)} shifts, more than {MOST_CELLS}: end some of them first",
            )
        )
    _keep_draft(month, cells, by, now)
    tx.add(month)
    return await preview(tx, by.stream, post, month, now, zone)


async def publish(
    tx: Tx, by: Viewer, post_id: int, first_day: date, told: PublishIn, now: datetime, zone: ZoneInfo
) -> RosterPreview:
    """Let the draft hold from now on; what is past stays. Raises StaleRoster, RosterRefused, DoubleBooked."""
    post = await post_for_planning(tx, by, post_id)
    month = await _month_at(tx, post_id, first_day, told.version)
    if month.draft is None:
        raise NothingToPublish
    found = await examine_draft(tx, by.stream, post, month, now, zone)
    accepted = set(told.accepting)
    if refused := [f for f in found if _stands_against(f, accepted)]:
        raise RosterRefused(refused)
    month.published, month.draft = month.draft, None
    month.revision += 1
    month.published_by, month.published_at = by.name, now
    tx.add(month)
    await tx.flush()
    seat_ids = [seat.id for seat in await duty.seat_rows(tx, post_id) if seat.id]
    settled = await settle(tx, by.stream, post_id, seat_ids, month_of(first_day, zone), now, zone)
    event = RosterPublished(
        type="roster.published",
        post_id=post_id,
        month=first_day,
        revision=month.revision,
        late=month.revision == 1 and is_late(first_day, now.astimezone(zone).date()),
        accepted=sorted({f.code for f in found if f.severity == "red"}),
        added=await shifts.facts(tx, settled.added),
        dropped=settled.dropped,
    )
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern(post))], actor(by))
    return RosterPreview(
        roster=roster_fact(month), shifts=await _holding(tx, post_id, first_day, zone), findings=found
    )


def _stands_against(finding: FindingFact, accepted: set[str]) -> bool:
    return finding.severity == "block" or (finding.severity == "red" and finding.code not in accepted)


def is_late(first_day: date, today: date) -> bool:
    """Whether a month's roster that is published today comes after the day it was due (R11)."""
    due = (first_day - timedelta(days=1)).replace(day=DUE_DAY)
    return today > due


async def preview(
    tx: Tx, stream: str, post: DutyPost | PostFact, month: RosterMonth, now: datetime, zone: ZoneInfo
) -> RosterPreview:
    """Return what would hold if the draft were published now: the same resolution as publishing."""
    assert post.id is not None
    cells = month.published if month.draft is None else month.draft
    span = month_of(month.month, zone)
    wide = Interval(span.start - REACH, span.end + REACH)
    seat_ids = [seat.id for seat in await duty.seat_rows(tx, post.id) if seat.id]
    found: list[CellFact] = []
    for seat_id, plan in (await seat_plans(tx, post.id, seat_ids, wide, zone)).items():
        others = [f for f in plan.fixed if not _starts_in(f.interval, span)]
        own = [FixedShift(p, _interval(s, e)) for seat, p, s, e in cells or () if seat == seat_id]
        changed = SeatPlan(fixed=(*others, *own), overrides=plan.overrides, temporaries=plan.temporaries)
        found += [
            CellFact(seat_id=seat_id, person_id=r.person, starts_at=r.interval.start, ends_at=r.interval.end)
            for r in resolve_shifts(changed, wide, zone)
            if r.interval.overlaps(span)
        ]
    found.sort(key=lambda c: (c.starts_at, c.seat_id, c.person_id))
    return RosterPreview(
        roster=roster_fact(month),
        shifts=found,
        findings=await examine_draft(tx, stream, post, month, now, zone),
    )


def roster_fact(month: RosterMonth) -> RosterFact:
    """Return the shape of a month."""
    return RosterFact(
        **month.model_dump(exclude={"draft", "published"}),
        draft=_cells(month.draft),
        published=_cells(month.published),
    )


def _cells(stored: list[list[object]] | None) -> list[CellFact] | None:
    if stored is None:
        return None
    keys = ("seat_id", "person_id", "starts_at", "ends_at")
    return [CellFact.model_validate(dict(zip(keys, cell, strict=True))) for cell in stored]


async def _holding(tx: Tx, post_id: int, first_day: date, zone: ZoneInfo) -> list[CellFact]:
    span = month_of(first_day, zone)
    held = await shifts.between(tx, post_id, span.start, span.end)
    cells = [
        CellFact(seat_id=s.seat_id, person_id=s.person_id, starts_at=s.starts_at, ends_at=s.ends_at)
        for s in held
    ]
    return sorted(cells, key=lambda c: (c.starts_at, c.seat_id, c.person_id))


async def _month_at(tx: Tx, post_id: int, first_day: date, version: int) -> RosterMonth:
    month = await plans.month(tx, post_id, first_day)
    if month.draft_version != version:
        raise StaleRoster(month.draft_by)
    return month


def _keep_draft(month: RosterMonth, cells: list[list[object]], by: Viewer, now: datetime) -> None:
    month.draft = sorted(cells, key=lambda c: (str(c[2]), str(c[0]), str(c[1])))
    month.draft_version += 1
    month.draft_by, month.draft_at = by.name, now


async def _require_known(
    tx: Tx, by: Viewer, post: DutyPost, month: RosterMonth, cells: Sequence[CellIn], span: Interval
) -> None:
    """Every cell names a seat of the post, a person whom one may plan and a start within the month.

    Who stands in the month already stays, whoever put him there.
    """
    assert post.id is not None
    seats = {seat.id for seat in await duty.seat_rows(tx, post.id)}
    ids = [c.person_id for c in cells]
    people = await plans.within_reach(tx, by.stream, by.scope, post.unit_id, ids, serving=False)
    people |= {int(person) for _, person, *_ in (*(month.draft or ()), *(month.published or ()))}
    faults = []
    for number, cell in enumerate(cells):
        if cell.seat_id not in seats:
            faults.append(
                FieldFault(f"cells.{number}.seat_id", "该岗位没有这个席位", "the post has no such seat")
            )
        if cell.person_id not in people:
            faults.append(FieldFault(f"cells.{number}.person_id", "没有这个人", "there is no such person"))
        if not _starts_in(Interval(cell.starts_at, cell.ends_at), span):
            faults.append(
                FieldFault(
                    f"cells.{number}.starts_at",
                    "班次须在本月内开始(当月1日8时至次月1日8时)",
                    "a shift begins within its month (from the 1st 08:00 to the next 1st 08:00)",
                )
            )
    if faults:
        raise InvalidInput(*faults[:50])


def _starts_in(interval: Interval, span: Interval) -> bool:
    return span.start <= interval.start < span.end


def _interval(start: str, end: str) -> Interval:
    return Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _stored(seat_id: int, person_id: int, start: datetime, end: datetime) -> list[object]:
    return [seat_id, person_id, start.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat()]


async def _from_rotations(tx: Tx, post_id: int, span: Interval, zone: ZoneInfo) -> list[list[object]]:
    """Return what the post's rotations say for a month, cut into shifts that begin within it."""
    seat_ids = [seat.id for seat in await duty.seat_rows(tx, post_id) if seat.id]
    return [
        _stored(row.seat_id, shift.person, shift.interval.start, shift.interval.end)
        for row in await plans.rotations(tx, seat_ids)
        for shift in rotations.shifts_of(row, span, zone)
    ]
