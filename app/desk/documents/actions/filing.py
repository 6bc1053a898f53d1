"""A document is made, numbered, printed and kept; the same words are the same document."""

from __future__ import annotations

from dataclasses import replace

from app.db import Tx
from app.desk.documents.actions.desk import Desk, concern_of, desk_of, next_number
from app.desk.documents.commands import DocumentFileIn
from app.desk.documents.events import DocumentFiled
from app.desk.documents.facts import DocumentBrief, DocumentFact
from app.desk.documents.makers.register import MAKERS
from app.desk.documents.office import Made, Office
from app.desk.documents.press import Laid, Press
from app.desk.documents.refusals import NotFinished
from app.desk.documents.rules.kinds import KINDS, Kind
from app.desk.documents.rules.layout import drilled_title, laid_page, paragraphs_of
from app.desk.documents.store import documents
from app.desk.prints.page import clean
from app.filing.rules.numbers import DRILL
from app.filing.rules.template import filled
from app.filing.store import archive
from app.filing.store.archive import Filing
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Viewer, actor, require

NOT_NUMBERED = "(预览,未编号)"


async def file(tx: Tx, by: Viewer, told: DocumentFileIn, office: Office, press: Press) -> DocumentFact:
    """File a document: number, bytes and journal in one transaction. The same words again: the same document.

    Raises NotFinished, NotFound, NotPermitted, InvalidInput.
    """
    require(by, "command")
    kind, desk = KINDS[told.kind], await desk_of(tx, by, office)
    made = await MAKERS[told.kind](tx, by, told.id, told.part, office)
    if made.unfinished is not None:
        raise NotFinished(made.unfinished)
    filing = _filing(by, kind, made, desk, office, drill=told.drill)
    await archive.hold(tx, filing)
    last = await archive.latest(tx, filing)
    number = last.number if last else await _number(tx, by, kind, made, desk, office, drill=told.drill)
    laid = laid_out(kind, made, desk, office, number, drill=told.drill)
    filing = replace(filing, number=number, content=laid.content())
    if (kept := await archive.same(tx, filing)) is not None:
        return await documents.fact(tx, kept.id or 0)
    edition = last.edition + 1 if last else 1
    row = await archive.keep(tx, filing, await press(laid), by.name, office.now, edition)
    entry = await filed_entry(tx, row.id or 0)
    await journal.append(tx, by.stream, office.now, [entry], actor(by))
    return await documents.fact(tx, row.id or 0)


async def preview(tx: Tx, by: Viewer, told: DocumentFileIn, office: Office) -> tuple[Laid, str]:
    """Return a document as it would be filed now, and the name of its file; nothing is kept."""
    kind, desk = KINDS[told.kind], await desk_of(tx, by, office)
    made = await MAKERS[told.kind](tx, by, told.id, told.part, office)
    number = NOT_NUMBERED if kind.numbered else made.number
    return laid_out(kind, made, desk, office, number, drill=told.drill), made.name


async def filed_entry(tx: Tx, document_id: int) -> Entry:
    """Return what the journal says of a filed document."""
    found = await documents.fact(tx, document_id)
    brief = DocumentBrief(**found.model_dump(include=set(DocumentBrief.model_fields)))
    concern, incident_id = await concern_of(tx, found.region_code, found.incident_ids)
    return Entry(DocumentFiled(type="document.filed", document=brief), concern, incident_id)


def laid_out(kind: Kind, made: Made, desk: Desk, office: Office, number: str, *, drill: bool) -> Laid:
    """Return a made document in the words of its template, with its number."""
    template = office.library.shelves[kind.key].template
    title = drilled_title(made.title, drill=drill)
    if made.letter is not None:
        letter = made.letter
        values = {"正文": "\n".join(letter.paragraphs), "标题": letter.title, "单位": desk.unit}
        return Laid(
            title,
            letter=replace(
                letter,
                head=clean(filled(template.marks.get("题头", kind.zh), values)),
                number=clean(number),
                author=clean(desk.unit),
                title=drilled_title(letter.title, drill=drill),
                paragraphs=paragraphs_of(template, values),
            ),
        )
    pages = [laid_page(page, template, desk.unit, drill=drill) for page in made.pages]
    if kind.numbered or drill:
        # What is no number of its own (a telephone, a month) stays where it stood.
        pages = [replace(page, number=clean(number) or page.number) for page in pages]
    return Laid(title, pages=tuple(pages))


async def _number(
    tx: Tx, by: Viewer, kind: Kind, made: Made, desk: Desk, office: Office, *, drill: bool
) -> str:
    if kind.numbered:
        return await next_number(tx, by, kind, desk, office, drill=drill)
    return DRILL + made.number if drill and made.number else made.number


def _filing(by: Viewer, kind: Kind, made: Made, desk: Desk, office: Office, *, drill: bool) -> Filing:
    return Filing(
        stream=by.stream,
        region_code=desk.region_code,
        kind=kind.key,
        subject=made.subject + (":drill" if drill else ""),
        number="",
        title=drilled_title(clean(made.title), drill=drill),
        unit=desk.unit,
        content={},
        incident_ids=made.incident_ids,
        drill=drill,
        template=office.library.shelves[kind.key].digest,
    )
