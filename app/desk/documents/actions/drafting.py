"""Free texts: a daily brief, a special report, minutes are begun, edited, signed, dropped."""

from __future__ import annotations

from datetime import date
from typing import Literal

from app.db import Tx
from app.desk.documents.actions.desk import concern_of, desk_of, next_number
from app.desk.documents.actions.filing import NOT_NUMBERED, filed_entry
from app.desk.documents.commands import DocumentTextEditIn, DocumentTextIn
from app.desk.documents.events import DocumentTextChanged
from app.desk.documents.facts import DocumentTextFact
from app.desk.documents.office import Office
from app.desk.documents.press import Laid, Press
from app.desk.documents.refusals import BriefTwice, DraftOver, EmptyDraft, StaleDraft
from app.desk.documents.rules.brief import Came, DayRecord, brief_fields
from app.desk.documents.rules.kinds import KINDS
from app.desk.documents.rules.layout import drilled_title, paragraphs_of
from app.desk.documents.store import day as days
from app.desk.documents.store import drafts
from app.desk.documents.tables import DocumentDraft
from app.desk.log import store as logs
from app.desk.log.rules.numbering import span_of
from app.desk.prints.letter import Letter
from app.desk.prints.page import clean
from app.dispatch.actions.permission import incident_for_command
from app.duty import store as duty
from app.duty.roster.rules.examine import ROLES
from app.duty.roster.store import shifts
from app.filing.rules.template import filled
from app.filing.store import archive
from app.filing.store.archive import Filing
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.reporting.report.rules.points import long_time
from app.reporting.report.rules.words import SECRECY, URGENCY

What = Literal["document.drafted", "document.edited", "document.signed", "document.dropped"]


async def draft(tx: Tx, by: Viewer, told: DocumentTextIn, office: Office) -> DocumentTextFact:
    """Begin a text. Raises BriefTwice, InvalidInput, NotFound, NotPermitted."""
    require(by, "command")
    if told.incident_id is not None:
        await incident_for_command(tx, by, told.incident_id)
    desk = await desk_of(tx, by, office)
    body = told.text
    about: list[int] = []
    if told.day is not None:
        await _require_new_day(tx, by, desk.region_code, told.day, office, drill=told.drill)
        composed, about = await _composed(tx, by, told.day, office)
        body = body or composed
    row = DocumentDraft(
        stream=by.stream,
        region_code=desk.region_code,
        **told.model_dump(exclude={"text"}),
        text=body,
        about_ids=about,
        drafted_by=by.name,
        drafted_at=office.now,
    )
    tx.add(row)
    return await _tell(tx, by, row, "document.drafted", office)


async def edit(
    tx: Tx, by: Viewer, draft_id: int, told: DocumentTextEditIn, office: Office
) -> DocumentTextFact:
    """Write a text anew. Raises StaleDraft, DraftOver, NotFound, NotPermitted."""
    row = await _own(tx, by, draft_id, told.revision)
    for name, value in told.model_dump(exclude={"revision"}).items():
        setattr(row, name, value)
    row.revision += 1
    return await _tell(tx, by, row, "document.edited", office)


async def drop(tx: Tx, by: Viewer, draft_id: int, reason: str, office: Office) -> DocumentTextFact:
    """Drop a text with the reason. Raises DraftOver, NotFound, NotPermitted."""
    row = await _own(tx, by, draft_id)
    row.state, row.dropped_by, row.dropped_reason = "dropped", by.name, reason
    row.revision += 1
    return await _tell(tx, by, row, "document.dropped", office)


async def sign(
    tx: Tx, by: Viewer, draft_id: int, revision: int, office: Office, press: Press
) -> DocumentTextFact:
    """Sign a text (签发), as a leader: number, paper and state in one transaction.

    Raises EmptyDraft, StaleDraft, DraftOver, NotFound, NotPermitted.
    """
    require(by, "approve_duty")
    row = await _own(tx, by, draft_id, revision)
    if not row.text:
        raise EmptyDraft
    desk = await desk_of(tx, by, office)
    if desk.region_code != row.region_code:
        raise NotFound("该文稿", "text")
    number = await next_number(tx, by, KINDS[row.kind], desk, office, drill=row.drill)  # type: ignore[index]
    row.number, row.signed_by, row.signed_at = number, by.name, office.now
    row.state, row.revision = "signed", row.revision + 1
    laid = laid_draft(row, desk.unit, office)
    filing = Filing(
        stream=row.stream,
        region_code=row.region_code,
        kind=row.kind,
        subject=f"draft:{row.id}",
        number=number,
        title=laid.title,
        unit=desk.unit,
        content=laid.content(),
        incident_ids=_about(row),
        drill=row.drill,
        template=office.library.shelves[row.kind].digest,  # type: ignore[index]
    )
    kept = await archive.keep(tx, filing, await press(laid), by.name, office.now, 1)
    row.document_id = kept.id
    await tx.flush()
    return await _tell(tx, by, row, "document.signed", office, await filed_entry(tx, kept.id or 0))


async def shown(tx: Tx, by: Viewer, draft_id: int, office: Office) -> tuple[Laid, DocumentTextFact]:
    """Return a text as it would look on paper now. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    row = await drafts.visible(tx, by, draft_id)
    if row is None:
        raise NotFound("该文稿", "text")
    desk = await desk_of(tx, by, office)
    return laid_draft(row, desk.unit, office), drafts.fact(row)


def laid_draft(row: DocumentDraft, unit: str, office: Office) -> Laid:
    """Return a text as a letter in the words of its template."""
    shelf = office.library.shelves[row.kind]  # type: ignore[index]
    values = {
        "标题": row.title,
        "单位": unit,
        "正文": row.text,
        "时间": long_time(row.held_at, office.zone) if row.held_at else "",
        "地点": row.place,
        "主持人": row.chaired_by,
        "参加人员": row.participants,
        "简称": office.short_name,
    }
    # A brief is composed when it is begun: what people made of it since stands by itself.
    composed = row.kind == "daily_brief"
    text = (
        tuple(line for line in (clean(one).strip() for one in row.text.splitlines()) if line)
        if composed
        else paragraphs_of(shelf.template, values)
    )
    title = drilled_title(clean(filled(shelf.template.marks.get("标题", "{标题}"), values)), drill=row.drill)
    foot = (("主送", "、".join(row.addressees)), ("抄送", "、".join(row.copies)))
    signs = (
        ("拟稿", row.drafted_by),
        ("签发", row.signed_by or "(未签发)"),
        ("联系电话", row.contact),
    )
    letter = Letter(
        marks=(f"密级\uff1a{SECRECY[row.secrecy]}", f"紧急程度\uff1a{URGENCY[row.urgency]}"),
        head=clean(filled(shelf.template.marks.get("题头", KINDS[row.kind].zh), values)),  # type: ignore[index]
        number=clean(row.number or NOT_NUMBERED),
        author=clean(unit),
        date=long_time(row.signed_at or office.now, office.zone),
        title=title,
        paragraphs=text,
        foot=tuple((label, clean(told)) for label, told in foot if told),
        signs=tuple((label, clean(told)) for label, told in signs if told),
    )
    return Laid(title, letter=letter)


async def _composed(tx: Tx, by: Viewer, day: date, office: Office) -> tuple[str, list[int]]:
    """Return the text of a brief from the records of its day, and the incidents it tells of."""
    span = span_of(day, office.zone)
    posts = await duty.posts(tx, by.stream, by.scope)
    post = next((one for one in posts if one.region_code == by.scope.ljust(12, "0")), None)
    held = await shifts.between(tx, post.id, span.start, span.end) if post else []
    opened = await days.opened(tx, by.stream, by.scope, span.start, span.end)
    counts = await days.counts(tx, by.stream, by.scope, span.start, span.end)
    record = DayRecord(
        day=day,
        staff=[
            (zh, list(dict.fromkeys(one.person_name for one in held if one.role == role)))
            for role, (zh, _) in ROLES.items()
        ],
        weather=await logs.weather(tx, post.id, span.start, span.end) if post else [],
        alarms=counts.alarms,
        came=[Came(one.title, one.nature, one.initial_level, one.state, one.received_at) for one in opened],
        reports=counts.reports,
        orders=counts.orders,
        instructions=counts.instructions,
        assignments=counts.assignments,
    )
    lines = paragraphs_of(office.library.shelves["daily_brief"].template, brief_fields(record, office.zone))
    return "\n".join(lines), [one.id for one in opened]


async def _require_new_day(
    tx: Tx, by: Viewer, region_code: str, day: date, office: Office, *, drill: bool
) -> None:
    if span_of(day, office.zone).start > office.now:
        raise InvalidInput(FieldFault("day", "该值班日尚未开始", "that day of duty has not begun"))
    if await drafts.of_day(tx, by.stream, region_code, day, drill=drill) is not None:
        raise BriefTwice


async def _own(tx: Tx, by: Viewer, draft_id: int, revision: int | None = None) -> DocumentDraft:
    require(by, "command")
    row = await drafts.visible(tx, by, draft_id, lock=True)
    if row is None:
        raise NotFound("该文稿", "text")
    if revision is not None and row.revision != revision:
        raise StaleDraft
    if row.state != "draft":
        raise DraftOver
    return row


async def _tell(
    tx: Tx, by: Viewer, row: DocumentDraft, type_: What, office: Office, *more: Entry
) -> DocumentTextFact:
    await tx.flush()
    concern, incident_id = await concern_of(tx, row.region_code, _about(row))
    event = DocumentTextChanged(type=type_, draft=drafts.brief(row))
    entries = [Entry(event, concern, incident_id), *more]
    await journal.append(tx, by.stream, office.now, entries, actor(by))
    return drafts.fact(row)


def _about(row: DocumentDraft) -> list[int]:
    return sorted({*row.about_ids, *([row.incident_id] if row.incident_id else [])})
