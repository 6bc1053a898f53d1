"""Documents of duty: roster, log, hand-over, circular, standby allowance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.db import Tx
from app.desk.documents.makers.asked import day_asked, month_asked
from app.desk.documents.office import Made, Office
from app.desk.handover.paper import page_of as handover_page
from app.desk.handover.reading import sheet_for
from app.desk.log.book import Reader, day_book
from app.desk.log.paper import page_of as log_page
from app.desk.prints.letter import Letter
from app.desk.prints.page import Page, clean
from app.desk.roster_paper import page_of as roster_page
from app.duty import store as duty
from app.duty.county_days import store as county_days
from app.duty.roster.actions.post import month_of
from app.duty.roster.store import plans, shifts
from app.duty.spot_check.store import campaigns, circulars
from app.duty.standby.actions import sheets as allowances
from app.duty.standby.facts import SheetFact
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.reporting.report.rules.points import long_time


async def roster(tx: Tx, by: Viewer, post_id: int, part: str, office: Office) -> Made:
    """Make the roster (值班表) of a month at a post, as it holds with its changes."""
    require(by, "see_desk")
    found = await duty.posts(tx, by.stream, by.scope, post_id)
    if not found:
        raise NotFound("该值班岗位", "duty post")
    month, post = month_asked(part), found[0]
    span = month_of(month, office.zone)
    seats = (await duty.seats(tx, [post_id]))[post_id]
    held = [s for s in await shifts.between(tx, post_id, span.start, span.end) if s.starts_at >= span.start]
    plan = await plans.month(tx, post_id, month)
    published = (plan.revision, plan.published_at) if plan.published_at else None
    days = (office.zone, await county_days.extra_days(tx, by.stream))
    page = roster_page(post, seats, held, month, published, days)
    unfinished = None if published else ("值班表尚未发布", "the roster is not published yet")
    return Made(f"roster:{post_id}:{part}", page.title, page.title, (page,), unfinished=unfinished)


async def duty_log(tx: Tx, by: Viewer, post_id: int, part: str, office: Office) -> Made:
    """Make the log (值班日志) of a day of duty at a post; it is filed when the day is over."""
    require(by, "see_desk")
    post = await duty.row(tx, by.stream, post_id)
    if post is None or not by.covers(post.region_code):
        raise NotFound("该值班岗位", "duty post")
    day = day_asked(part)
    book = await day_book(tx, Reader(post, by, office.now, office.zone, office.log_prefix), day)
    over = book.ends_at <= office.now
    return Made(
        f"duty_log:{post_id}:{day}",
        f"{book.post_name}值班日志 {day}",
        f"值班日志 {day}",
        (log_page(book, office.zone),),
        number=book.number,
        incident_ids=tuple({line.incident_id for line in book.entries if line.incident_id}),
        unfinished=None if over else ("该值班日尚未结束", "that day of duty is not over yet"),
    )


async def handover(tx: Tx, by: Viewer, handover_id: int, _part: str, office: Office) -> Made:
    """Make the sheet of a hand-over (交接班记录); it is filed when all have signed."""
    sheet = await sheet_for(tx, by, handover_id)
    page = handover_page(sheet, office.zone)
    return Made(
        f"handover:{handover_id}",
        page.title,
        f"交接班记录 {sheet.change_at.astimezone(office.zone):%Y-%m-%d %H%M}",
        (page,),
        number=page.number,
        incident_ids=tuple({item.incident_id for item in sheet.sheet if item.incident_id}),
        unfinished=None
        if sheet.completed_at
        else ("交接班尚未签完", "the hand-over is not signed by all yet"),
    )


async def circular(tx: Tx, by: Viewer, spot_check_id: int, _part: str, office: Office) -> Made:
    """Make the circular on a spot check (值守抽查情况通报), once a leader signed it."""
    require(by, "see_desk")
    known = await campaigns.fact(tx, by.stream, by.scope, spot_check_id)
    told = await circulars.detail(tx, spot_check_id, by.scope) if known else None
    if told is None or (
        not by.stream.startswith(by.scope) and not (told.state == "issued" and told.receipts)
    ):
        raise NotFound("该通报", "circular")
    at = told.signed_at or told.drafted_at
    letter = Letter(
        marks=("", ""),
        head="",
        number="",
        author="",
        date=long_time(at, office.zone),
        title=clean(told.title),
        paragraphs=tuple(clean(line).strip() for line in told.body.splitlines() if line.strip()),
        foot=(("发", f"{told.units}个单位"),) if told.state == "issued" else (),
        signs=(("拟稿", clean(told.drafted_by)), ("签发", clean(told.signed_by or "(未签发)"))),
    )
    unsigned = None if told.signed_by else ("通报尚未签发", "the circular is not signed yet")
    return Made(
        f"circular:{spot_check_id}", told.title, clean(told.title), letter=letter, unfinished=unsigned
    )


async def standby_sheet(tx: Tx, by: Viewer, _id: int, part: str, office: Office) -> Made:
    """Make the standby allowance (备勤补助表) of a month, a township a page."""
    require(by, "see_desk")
    month = month_asked(part)
    found = await allowances.sheets(tx, by, month, office.readiness)
    if not found:
        raise NotFound("该月备勤补助表", "standby allowance of that month")
    open_ = [one.region_name for one in found if one.approved is None or one.changed]
    unfinished = (f"尚未审批:{'、'.join(open_[:5])}", f"not approved yet: {', '.join(open_[:5])}")
    return Made(
        f"standby_sheet:{part}",
        f"{month.year}年{month.month}月备勤补助表",
        f"备勤补助表 {month:%Y-%m}",
        tuple(_allowance(one, month, office) for one in found),
        unfinished=unfinished if open_ else None,
    )


def _allowance(one: SheetFact, month: date, office: Office) -> Page:
    approved = one.approved
    signed = (
        f"{approved.approved_by} {long_time(approved.approved_at, office.zone)}" if approved else "未审批"
    )
    return Page(
        title=clean(f"{one.region_name}备勤补助表"),
        number=f"{month.year}年{month.month}月",
        facts=(
            ("月份", f"{month.year}年{month.month}月"),
            ("乡镇", clean(one.region_name)),
            ("合计", f"{one.person_days}人日,{one.yuan:.2f}元"),
            ("审批", clean(signed + (",之后记录有变动" if one.changed and approved else ""))),
        ),
        heads=("姓名", "电话", "天数", "日期", "金额(元)"),
        widths=(26, 32, 14, 60, 24),
        rows=tuple(
            (
                clean(line.name),
                clean(line.phone),
                str(len(line.days)),
                spans_of([day.day for day in line.days]),
                f"{line.yuan or Decimal(0):.2f}",
            )
            for line in one.lines
        ),
        signs=("制表:", "队长(签字):", "审批(签字):"),
        empty="本月无备勤人员",
    )


def spans_of(days: Sequence[int]) -> str:
    """Return days of a month in short: 1–4、7、9–10."""
    spans: list[list[int]] = []
    for day in sorted(set(days)):
        if spans and spans[-1][1] == day - 1:
            spans[-1][1] = day
        else:
            spans.append([day, day])
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
