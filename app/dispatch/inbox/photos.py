"""Photos sent with a notice: added by who sent it, seen by who may see it."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.attachments import store as attachments
from app.dispatch.attachments.actions import Shelf, keep
from app.dispatch.attachments.commands import AttachmentIn
from app.dispatch.attachments.facts import AttachmentFact
from app.dispatch.attachments.rules import FileRefused
from app.dispatch.attachments.tables import Attachment
from app.dispatch.inbox import store
from app.dispatch.inbox.refusals import NoticeJudged
from app.org.rules.access import Viewer
from app.refusals import NotFound

MOST = 9


async def add(
    tx: Tx, by: Viewer, notice_id: int, told: AttachmentIn, content: bytes, shelf: Shelf, now: datetime
) -> AttachmentFact:
    """Add a photo to one's own notice while it waits. Raises NotFound, NoticeJudged, FileRefused."""
    row = await store.locked(tx, notice_id)
    if row is None or row.account_id != by.account_id:
        raise NotFound("该来报", "notice")
    if row.state != "waiting":
        raise NoticeJudged(row.judged_by or "")
    if len(await attachments.of_notice(tx, notice_id)) >= MOST:
        raise FileRefused(f"每条来报最多{MOST}个附件", f"a notice has {MOST} attachments at most")
    file = await keep(by, told, content, shelf, now)
    file.notice_id = notice_id
    tx.add(file)
    await tx.flush()
    return attachments.fact(file)


async def listed(tx: Tx, by: Viewer, notice_id: int) -> list[AttachmentFact]:
    """Return the photos of a notice this person may see. Raises NotFound."""
    if not by.may("see_desk") or await store.visible(tx, by, notice_id) is None:
        raise NotFound("该来报", "notice")
    return await attachments.of_notice(tx, notice_id)


async def readable(tx: Tx, by: Viewer, notice_id: int, attachment_id: int) -> Attachment:
    """Return a photo whose content this person may read. Raises NotFound."""
    await listed(tx, by, notice_id)
    row = await attachments.one(tx, by.stream, attachment_id)
    if row is None or row.notice_id != notice_id or row.withdrawn_at is not None:
        raise NotFound("该附件", "attachment")
    return row
