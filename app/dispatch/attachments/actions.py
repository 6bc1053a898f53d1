"""Add files to incidents, read them, withdraw them; nothing is ever deleted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.db import Tx
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.actions.tell import Learned, tell_learned
from app.dispatch.attachments import store, vault
from app.dispatch.attachments.commands import AttachmentIn
from app.dispatch.attachments.facts import AttachmentFact
from app.dispatch.attachments.rules import FileRefused, FileTooLarge, plain_name, type_of
from app.dispatch.attachments.tables import Attachment
from app.dispatch.commands import earlier
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.store import incidents
from app.dispatch.video import looking as cameras
from app.org.rules.access import Viewer, may_see
from app.refusals import NotFound, NotPermitted

MOST = 200  # of one incident


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files are kept and how large one may be."""

    folder: Path
    most_mb: int


async def attach(
    tx: Tx, by: Viewer, incident_id: int, told: AttachmentIn, content: bytes, shelf: Shelf, now: datetime
) -> AttachmentFact:
    """Add a file to an incident: the desk, or a team that was sent there.

    Raises FileTooLarge, FileRefused, IllegalStep when closed, NotFound, NotPermitted.
    """
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    if not (by.may("command") or by.may("answer")):
        raise NotPermitted
    if seen.fact.state != "open":
        raise IllegalStep(seen.fact.state, "amend")
    if len(await store.of_incident(tx, incident_id)) >= MOST:
        raise FileRefused(f"每个事件最多{MOST}个附件", f"an incident has {MOST} attachments at most")
    camera = None if told.camera_id is None else await cameras.seen(tx, by, told.camera_id)
    row = await keep(by, told, content, shelf, now)
    row.incident_id = incident_id
    if camera is not None:
        if row.kind != "photo":
            raise FileRefused("通过摄像头存证的须是图片", "what is taken through a camera is a picture")
        row.camera_id, row.camera_name = camera.id, camera.name_zh
    tx.add(row)
    await tx.flush()
    fact = store.fact(row)
    incident = await incidents.locked(tx, by.stream, incident_id)
    assert incident is not None
    await tell_learned(tx, by, incident, [_added(by, fact)], now)
    return fact


def _added(by: Viewer, fact: AttachmentFact) -> Learned:
    zh, en = (f":{fact.caption}", f": {fact.caption}") if fact.caption else ("", "")
    if fact.camera_id is None:
        zh, en = f"{by.name}上传{fact.name}{zh}", f"{by.name} adds {fact.name}{en}"
    else:
        zh = f"{by.name}从摄像头“{fact.camera_name}”截图存证{zh}"
        en = f"{by.name} files a picture taken through the camera {fact.camera_name}{en}"
    return Learned("incident.attached", zh, en, attachment=fact)


async def keep(by: Viewer, told: AttachmentIn, content: bytes, shelf: Shelf, now: datetime) -> Attachment:
    """Put the content on the shelf and return its row, not yet belonging to anything."""
    if len(content) > shelf.most_mb * 1_000_000:
        raise FileTooLarge(len(content), shelf.most_mb)
    found = type_of(content, told.name)
    digest = await asyncio.to_thread(vault.put, shelf.folder, content)
    told_at = earlier(told.told_at, now)
    return Attachment(
        stream=by.stream,
        sha256=digest,
        size=len(content),
        media_type=found.media_type,
        kind=found.kind,
        name=plain_name(told.name, found),
        caption=told.caption,
        channel=told.channel,
        happened_at=min(told.happened_at, told_at) if told.happened_at else None,
        told_at=told_at,
        added_at=now,
        added_by=by.name,
        account_id=by.account_id,
    )


async def listed(tx: Tx, by: Viewer, incident_id: int) -> list[AttachmentFact]:
    """Return the attachments of an incident this person may see. Raises NotFound."""
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return await store.of_incident(tx, incident_id)


async def readable(tx: Tx, by: Viewer, incident_id: int, attachment_id: int) -> Attachment:
    """Return an attachment whose content this person may read. Raises NotFound; a withdrawn one is gone."""
    await listed(tx, by, incident_id)
    row = await store.one(tx, by.stream, attachment_id)
    if row is None or row.incident_id != incident_id or row.withdrawn_at is not None:
        raise NotFound("该附件", "attachment")
    return row


async def withdraw(
    tx: Tx, by: Viewer, incident_id: int, attachment_id: int, reason: str, now: datetime
) -> AttachmentFact:
    """Let the content be given out no longer; the line stays. Raises NotFound, NotPermitted."""
    incident = await incident_for_command(tx, by, incident_id)
    row = await readable(tx, by, incident_id, attachment_id)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, by.name, reason
    await tx.flush()
    fact = store.fact(row)
    learned = Learned(
        "incident.attachment_withdrawn",
        f"撤回附件{fact.name}:{reason}",
        f"withdraws {fact.name}: {reason}",
        attachment=fact,
    )
    await tell_learned(tx, by, incident, [learned], now)
    return fact
