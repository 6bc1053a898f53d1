"""Reports, their addressees, papers and numbers: rows and wire shapes; their papers lie in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.filing.store import archive
from app.filing.tables import DocumentFile
from app.reporting.exchange.store import outgoing
from app.reporting.report.facts import (
    ReportAddresseeFact,
    ReportBrief,
    ReportFact,
    ReportPaperFact,
)
from app.reporting.report.rules.words import DOCUMENT_KINDS
from app.reporting.report.tables import ReportAddressee, WrittenReport

_BRIEF = ("id", "incident_id", "kind", "seq", "version", "state", "title", "number", "returns")
_ADDRESSEE = frozenset(ReportAddresseeFact.model_fields) - {"delivery"}
_OWN = frozenset(ReportFact.model_fields) - {"addressees", "papers", "signature_open"}


async def locked(tx: Tx, stream: str, report_id: int) -> WrittenReport | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(WrittenReport)
        .where(col(WrittenReport.id) == report_id, col(WrittenReport.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def row(tx: Tx, stream: str, report_id: int) -> WrittenReport | None:
    """Return the row as it is read."""
    found = await tx.get(WrittenReport, report_id)
    return found if found is not None and found.stream == stream else None


async def to_ask(tx: Tx, stream: str, now: datetime, limit: int) -> list[int]:
    """Return the versions of which something is to be asked again now, the longest waiting first."""
    rows = await tx.execute(
        text(
            "SELECT id FROM written_report WHERE stream = :stream AND reask_at <= :now"
            " ORDER BY reask_at, id LIMIT :limit"
        ),
        {"stream": stream, "now": now, "limit": limit},
    )
    return list(rows.scalars())


async def is_followed(tx: Tx, report: WrittenReport) -> bool:
    """Whether the same desk began a later version that is not dropped."""
    found = await tx.scalar(
        text(
            "SELECT EXISTS (SELECT 1 FROM written_report WHERE incident_id = :incident"
            " AND region_code = :region AND id > :id AND state <> 'dropped')"
        ),
        {"incident": report.incident_id, "region": report.region_code, "id": report.id},
    )
    return bool(found)


async def chain(tx: Tx, incident_id: int, region_code: str) -> list[WrittenReport]:
    """Return the versions of an incident made by one desk, the first first."""
    found = await tx.execute(
        select(WrittenReport)
        .where(col(WrittenReport.incident_id) == incident_id, col(WrittenReport.region_code) == region_code)
        .order_by(col(WrittenReport.id))
    )
    return list(found.scalars())


async def of_incident(tx: Tx, incident_id: int, scope: str, limit: int) -> list[WrittenReport]:
    """Return the versions of an incident made by the desks of a scope, the first first."""
    found = await tx.execute(
        select(WrittenReport)
        .where(
            col(WrittenReport.incident_id) == incident_id,
            col(WrittenReport.region_code).startswith(scope, autoescape=True),
        )
        .order_by(col(WrittenReport.id).desc())
        .limit(limit)
    )
    return list(found.scalars())[::-1]


async def addressees(tx: Tx, report_id: int) -> list[ReportAddressee]:
    """Return to whom a report goes, in order."""
    found = await tx.execute(
        select(ReportAddressee)
        .where(col(ReportAddressee.report_id) == report_id)
        .order_by(col(ReportAddressee.ordinal))
    )
    return list(found.scalars())


async def forget_addressees(tx: Tx, report_id: int) -> None:
    """Take away the addressees of a draft, which are named anew."""
    await tx.execute(text("DELETE FROM report_addressee WHERE report_id = :id"), {"id": report_id})


async def papers(tx: Tx, report_id: int) -> list[ReportPaperFact]:
    """Return what is kept of a report on paper, without the bytes."""
    kept = await archive.files_of(tx, DOCUMENT_KINDS, subject_of(report_id))
    return [
        ReportPaperFact(edition=one.edition, form=one.form, sha256=one.sha256, made_at=one.made_at)
        for one in kept
    ]


async def paper(tx: Tx, report_id: int, form: str) -> DocumentFile | None:
    """Return the latest edition of a report in a form, with its bytes."""
    return await archive.latest_file(tx, DOCUMENT_KINDS, subject_of(report_id), form)


async def last_edition(tx: Tx, report_id: int) -> int:
    """Return the number of the latest edition of a report's papers, 0 without any."""
    return max((one.edition for one in await papers(tx, report_id)), default=0)


async def paper_bytes(tx: Tx, report_id: int, edition: int) -> dict[str, bytes]:
    """Return the papers of an edition by form."""
    return await archive.bytes_of(tx, DOCUMENT_KINDS, subject_of(report_id), edition)


def subject_of(report_id: int) -> str:
    """Return under what a report lies in the archive."""
    return f"report:{report_id}"


def open_signature(report: WrittenReport) -> bool:
    """Whether it stands on an oral consent nobody signed yet."""
    return report.signed_as == "oral_consent" and report.countersigned_at is None


def brief(report: WrittenReport) -> ReportBrief:
    """Return a report without its text."""
    told = report.model_dump(include=set(_BRIEF))
    return ReportBrief(**told, signature_open=open_signature(report))


async def fact(tx: Tx, report: WrittenReport) -> ReportFact:
    """Return a report with everything there is of it."""
    assert report.id is not None
    ways = await outgoing.of_report(tx, report.id)
    return ReportFact(
        **report.model_dump(include=set(_OWN)),
        signature_open=open_signature(report),
        addressees=[
            ReportAddresseeFact(**one.model_dump(include=set(_ADDRESSEE)), delivery=ways.get(one.id or 0))
            for one in await addressees(tx, report.id)
        ],
        papers=await papers(tx, report.id),
    )


async def facts(tx: Tx, reports: Sequence[WrittenReport]) -> list[ReportFact]:
    """Return reports as facts."""
    return [await fact(tx, one) for one in reports]
