"""Every SQL statement about attachments."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.attachments.facts import AttachmentFact
from app.dispatch.attachments.tables import Attachment


def fact(row: Attachment) -> AttachmentFact:
    """Return the wire shape."""
    return AttachmentFact(**row.model_dump(exclude={"stream", "account_id"}))


async def of_incident(tx: Tx, incident_id: int) -> list[AttachmentFact]:
    """Return the attachments of an incident, the oldest first, the withdrawn ones too."""
    found = await tx.execute(
        select(Attachment).where(col(Attachment.incident_id) == incident_id).order_by(col(Attachment.id))
    )
    return [fact(row) for row in found.scalars()]


async def of_notice(tx: Tx, notice_id: int) -> list[AttachmentFact]:
    """Return the attachments of a notice, the oldest first."""
    found = await tx.execute(
        select(Attachment).where(col(Attachment.notice_id) == notice_id).order_by(col(Attachment.id))
    )
    return [fact(row) for row in found.scalars()]


async def one(tx: Tx, stream: str, attachment_id: int) -> Attachment | None:
    """Return one attachment of the county, or None."""
    row = await tx.get(Attachment, attachment_id)
    return row if row is not None and row.stream == stream else None


async def join(tx: Tx, notice_id: int, incident_id: int) -> None:
    """Let the attachments of a notice be those of its incident too."""
    await tx.execute(
        text("UPDATE attachment SET incident_id = :incident WHERE notice_id = :notice"),
        {"incident": incident_id, "notice": notice_id},
    )
